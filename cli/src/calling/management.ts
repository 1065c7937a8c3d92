import { type OwnerDetails, readOwner } from '@asyncv/migrations'
import { CommandError } from '../failure.ts'
import { wrongInput } from './client.ts'
import { readOperatorKey } from '../key-files/operator-key.ts'
import { fetchHere, lookUpMs } from './request.ts'
import { findDatabase, noService } from './service.ts'
import { stillStarting } from './starting.ts'
import { words } from '../words/spoken.ts'

/** What a command asks of the process that has the database, over its management listener. */
export interface Management {
  /** Throws `Refused` for what it refuses, and `Unanswered` when nobody knows whether it did what was asked. */
  ask<Answer>(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>
  /** An answer that goes on, such as an event stream; of a POST when something is posted. */
  follow(path: string, headers?: Record<string, string>, posted?: Posted): Promise<ReadableStream<Uint8Array>>
}

export interface Posted {
  body: object
  /** Aborted, it throws what `fetch` throws. */
  signal: AbortSignal
}

/** What it refused, with the code and the places that it named. */
export class Refused extends CommandError {
  constructor(
    message: string,
    hint: string,
    exitCode: 1 | 2,
    readonly code: string,
    readonly problems: readonly { pointer: string; detail: string }[],
  ) {
    super(message, hint, exitCode)
  }
}

/** It went away before it answered. */
export class Unanswered extends CommandError {}

/** The listener of the service that runs here; `what` is what a program that embeds asyncv has instead. Throws when there is none. */
export async function openManagement(what: string): Promise<Management> {
  const database = await findDatabase(process.env)
  const owner = await readOwner(database).catch(() => null)
  if (owner === null) throw noService(null)
  return managementOf(owner, database, what)
}

/** The listener of the process that owns `database`. Throws when it has none, or its operator key cannot be read. */
export function managementOf(owner: OwnerDetails, database: string, what: string): Management {
  const starting = stillStarting(owner, database)
  if (starting !== null) throw starting
  const key = readOperatorKey(database)
  // It closes its ports first, and lets the database go when what is under way has ended.
  const gone = (): Unanswered => new Unanswered(words.management.stopping(owner.pid), words.service.tryAgain, 1)
  if (owner.management !== undefined && key !== null) return overHttp(owner.management, key, gone)
  throw new CommandError(
    key === null ? words.management.keyUnreadable(owner.pid) : words.management.takesNoOrders(owner.pid),
    words.management.asItsUser(what),
    1,
  )
}

/** The management listener at `url`, of this host or another one. */
export function managementAt(url: string, key: string): Management {
  return overHttp(url, key, () => new Unanswered(words.service.noneAt(url), words.management.reachIt, 1))
}

function overHttp(url: string, key: string, gone: () => Unanswered): Management {
  const stopping = (error: unknown): never => {
    if (error instanceof CommandError) throw error
    if ((error as Error).name !== 'TimeoutError') throw gone()
    throw new Unanswered(words.service.hangs(url, lookUpMs / 1_000), words.service.isItBusy, 1)
  }
  const send = (path: string, init: RequestInit, waitMs?: number): Promise<Response> => {
    const headers = { Authorization: `Bearer ${key}`, ...(init.headers as Record<string, string> | undefined) }
    return fetchHere(`${url}/admin/v1${path}`, { ...init, headers }, waitMs).catch(stopping)
  }

  async function answered<Answer>(response: Response): Promise<Answer> {
    const answer = parse<Answer & Problem>(await response.text().catch(stopping), response)
    if (response.ok) return answer
    const wrong = wrongInput.includes(response.status)
    const said = saidBy(answer) ?? words.management.answered(url, response.status)
    const { hint = '', code = '', errors = [] } = answer
    // The two listeners are easily taken for each other.
    const wayOut = code === 'route_unknown' ? words.management.otherListener : hint
    throw new Refused(said, wayOut, wrong ? 2 : 1, code, errors)
  }

  return {
    async ask<Answer>(
      method: string,
      path: string,
      body?: object,
      headers: Record<string, string> = {},
    ): Promise<Answer> {
      const init = {
        method,
        headers: { 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }
      // A long log takes as long as it is.
      const isLookUp = method === 'GET' && !path.startsWith('/audit/verify')
      const response = await send(path, init, isLookUp ? lookUpMs : undefined)
      return answered<Answer>(response)
    },
    async follow(path, headers = {}, posted) {
      const accepting = { Accept: 'text/event-stream', ...headers }
      const response = await send(
        path,
        posted === undefined
          ? { headers: accepting }
          : {
              method: 'POST',
              headers: { 'Content-Type': 'application/json', ...accepting },
              body: JSON.stringify(posted.body),
              signal: posted.signal,
            },
      )
      if (response.ok && response.body !== null) return response.body
      return answered<never>(response)
    },
  }
}

interface Problem {
  code?: string
  detail?: string
  hint?: string
  errors?: { pointer: string; detail: string }[]
}

function saidBy({ code, detail }: Problem): string | undefined {
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
