import { CommandError } from './failure.ts'
import { readOperatorKey } from './operator-key.ts'

/** What a command asks of the process that has the database, over its management listener. */
export interface Management {
  ask<Answer>(method: string, path: string, body?: object): Promise<Answer>
}

/** The listener of the process that owns `database`. Throws when it has none, or its operator key cannot be read. */
export function managementOf(owner: { pid: number; management?: string }, database: string, what: string): Management {
  const key = readOperatorKey(database)
  if (owner.management !== undefined && key !== null) return overHttp(owner.management, key, owner.pid)
  throw new CommandError(
    `Process ${owner.pid} has the database, and ${key === null ? 'its operator key cannot be read' : 'takes no orders'}.`,
    `Run this as the user of the service, or stop it first; a program that embeds asyncv has ${what}.`,
    1,
  )
}

function overHttp(url: string, key: string, pid: number): Management {
  // It closes its ports first, and lets the database go when what is under way has ended.
  const stopping = (): never => {
    throw new CommandError(
      `The service that has the database, process ${pid}, is stopping.`,
      'Try again in a moment.',
      1,
    )
  }
  return {
    async ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
      const response = await fetch(`${url}/admin/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch(stopping)
      const answer = parse<Answer & { detail?: string; hint?: string }>(await response.text().catch(stopping), response)
      if (response.ok) return answer
      const wrong = response.status === 400 || response.status === 404
      throw new CommandError(answer.detail ?? `${url} answered ${response.status}.`, answer.hint ?? '', wrong ? 2 : 1)
    },
  }
}

function parse<Answer>(text: string, { url, status }: Response): Answer {
  try {
    return JSON.parse(text) as Answer
  } catch {
    const { origin } = new URL(url)
    throw new CommandError(
      `${origin} answered ${status} with something that is no answer of an asyncv service.`,
      'Try again in a moment.',
      1,
    )
  }
}
