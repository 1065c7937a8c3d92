import { CommandError } from './failure.ts'
import { readOperatorKey } from './operator-key.ts'
import { words } from './words/spoken.ts'

/** What a command asks of the process that has the database, over its management listener. */
export interface Management {
  ask<Answer>(method: string, path: string, body?: object): Promise<Answer>
}

/** The listener of the process that owns `database`. Throws when it has none, or its operator key cannot be read. */
export function managementOf(owner: { pid: number; management?: string }, database: string, what: string): Management {
  const key = readOperatorKey(database)
  if (owner.management !== undefined && key !== null) return overHttp(owner.management, key, owner.pid)
  throw new CommandError(
    key === null ? words.management.keyUnreadable(owner.pid) : words.management.takesNoOrders(owner.pid),
    words.management.asItsUser(what),
    1,
  )
}

function overHttp(url: string, key: string, pid: number): Management {
  // It closes its ports first, and lets the database go when what is under way has ended.
  const stopping = (): never => {
    throw new CommandError(words.management.stopping(pid), words.service.tryAgain, 1)
  }
  return {
    async ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
      const response = await fetch(`${url}/admin/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch(stopping)
      const answer = parse<Answer & Refused>(await response.text().catch(stopping), response)
      if (response.ok) return answer
      const wrong = response.status === 400 || response.status === 404
      const said = saidBy(answer) ?? words.management.answered(url, response.status)
      throw new CommandError(said, answer.hint ?? '', wrong ? 2 : 1)
    },
  }
}

interface Refused {
  code?: string
  detail?: string
  hint?: string
}

function saidBy({ code, detail }: Refused): string | undefined {
  return detail === undefined ? undefined : words.service.problem(code ?? '', detail)
}

function parse<Answer>(text: string, { url, status }: Response): Answer {
  try {
    return JSON.parse(text) as Answer
  } catch {
    const { origin } = new URL(url)
    throw new CommandError(words.service.foreign(origin, status), words.service.tryAgain, 1)
  }
}
