import { randomUUID } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { perRequest } from './per-request.ts'

/** What a caller may name a request: it goes into logs and heads as it is. */
const usable = /^[\w.:-]{1,100}$/

const ids = perRequest<string>()

/**
 * What ties an answer to its line in the log: the caller's own `X-Request-Id`, so that their log and ours can be laid
 * side by side, or a new one when there is none that can be used.
 */
export function requestId(c: Context): string {
  const known = ids.get(c)
  if (known !== undefined) return known
  const given = c.req.header('x-request-id') ?? ''
  const id = usable.test(given) ? given : randomUUID()
  ids.set(c, id)
  return id
}

/**
 * Every answer says its request's id; one that is no answer of hono's own, such as a stream, has to say it itself or by
 * `identified`. Said before the answer is there, since to change the head of a finished one costs every message.
 */
export const withRequestId: MiddlewareHandler = async (c, next) => {
  c.header('X-Request-Id', requestId(c))
  await next()
}

/** An answer that somebody else made, with the request's id. A new one: what a `fetch` gave has a head that cannot be changed. */
export function identified(answer: Response, c: Context): Response {
  const headers = new Headers(answer.headers)
  headers.set('X-Request-Id', requestId(c))
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers })
}
