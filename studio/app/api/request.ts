import { problem as problemSchema } from 'asyncv/schemas'
import type { z } from 'zod'
import { askAgain, noteLost, noteReached } from './connection.ts'
import { credential } from './credential.ts'
import { patience } from './patience.ts'
import { service } from './place.ts'
import { ConnectionLost, Problem } from './problem.ts'

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  body?: unknown
  /** Added to the path; what is undefined is left out. */
  query?: Record<string, string | number | boolean | undefined>
  signal?: AbortSignal
  /** ms until it begins to answer, and has answered; default 30,000 for a GET, else 70,000. Null: it may go on for ever. */
  timeoutMs?: number | null
  /** From another host, browsers let these alone pass: `http/cross-origin.ts` of the service names them. */
  headers?: Partial<Record<'accept' | 'idempotency-key', string>>
}

/**
 * Asks Studio's API, `/api` + `path`, and checks what comes back. Throws `Problem` for what Studio answered,
 * `ConnectionLost` where it did not answer; an abort by `signal` stays an abort.
 */
export async function request<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  options: RequestOptions = {},
): Promise<z.output<Schema>> {
  const answer = await send(path, options)
  const parsed = schema.safeParse(
    await answer.json().catch((error: unknown) => {
      // It came whole, and is no JSON.
      if (error instanceof SyntaxError) return null
      throw cut(error, options)
    }),
  )
  if (parsed.success) return parsed.data
  console.error(`Unreadable answer of ${path}`, parsed.error)
  throw new Problem({ code: 'answer_unreadable', status: answer.status, detail: parsed.error.message })
}

/** As `request`, for an answer that is plain text. */
export async function requestText(path: string, options: RequestOptions = {}): Promise<string> {
  const answer = await send(path, options)
  return answer.text().catch((error: unknown) => {
    throw cut(error, options)
  })
}

/** As `request`, where nothing is expected back but that it worked. */
export async function command(path: string, options: RequestOptions = {}): Promise<void> {
  await send(path, { method: 'POST', ...options })
}

/** As `request`, with the answer as it comes: streams, downloads. Throws for what is no success. */
export async function send(path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', body, query, signal, headers } = options
  const { timeoutMs = method === 'GET' ? patience.read : patience.deed } = options
  const limit = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs)
  const signals = [signal, limit].filter((one) => one instanceof AbortSignal)
  let answer: Response
  try {
    answer = await fetch(address(path, query), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...credential(),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any(signals),
      credentials: 'same-origin',
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    if (limit?.aborted) throw brokenOff('late', cause)
    noteLost()
    throw new ConnectionLost('away', { cause })
  }
  noteReached()
  if (answer.ok) return answer
  const parsed = problemSchema.partial().safeParse(await answer.json().catch(() => ({})))
  throw new Problem({ code: 'unknown', detail: answer.statusText, ...(parsed.data ?? {}), status: answer.status })
}

/** Why the rest of an answer did not come; an abort by `signal` stays one. */
function cut(error: unknown, { signal }: RequestOptions): unknown {
  if (signal?.aborted) return error
  return brokenOff(error instanceof DOMException && error.name === 'TimeoutError' ? 'late' : 'cut', error)
}

/** It may be a runtime that Studio waits for, or that has gone, so whether Studio itself answers is asked. */
function brokenOff(how: 'late' | 'cut', cause: unknown): ConnectionLost {
  void askAgain()
  return new ConnectionLost(how, { cause })
}

/** The address of a route of the API, for requests, streams and downloads alike. */
export function address(path: string, query: RequestOptions['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  if (given.length === 0) return `${service}/api${path}`
  return `${service}/api${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}
