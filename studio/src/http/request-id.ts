import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'

/** What a caller may name a request: it goes into logs and heads as it is. */
const usable = /^[\w.:-]{1,100}$/

const ids = new WeakMap<Request, string>()

/** What ties an answer to its line in the log: the caller's own `X-Request-Id`, or a new one. */
export function requestId(request: Request): string {
  const known = ids.get(request)
  if (known !== undefined) return known
  const given = request.headers.get('x-request-id') ?? ''
  const id = usable.test(given) ? given : randomUUID()
  ids.set(request, id)
  return id
}

export const withRequestId: MiddlewareHandler = async (c, next) => {
  c.header('X-Request-Id', requestId(c.req.raw))
  await next()
}
