/**
 * What browsers need to hear before a page of another host may read an answer (Fetch standard, "CORS protocol"). The guard has
 * decided which hosts those are; nothing that a request says is repeated here but an origin of that list. Cookies stay out:
 * `Access-Control-Allow-Credentials` is never said.
 */
import type { MiddlewareHandler } from 'hono'
import { appOriginOf } from './sender.ts'

const preflight = {
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
  // What the web app sends, and no more.
  'Access-Control-Allow-Headers': 'authorization, content-type, idempotency-key',
  // s; Chromium's own limit. A host that is no longer in the list is refused all the same: the guard asks each time.
  'Access-Control-Max-Age': '7200',
}

/** What the web app reads besides what every page may. */
const exposed = 'content-disposition, retry-after, x-request-id'

/** In front of the guard, so that refusals have them, too: a cache must not give one origin's answer to another. */
export const withCrossOriginHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  const { headers } = c.res
  headers.append('Vary', 'Origin')
  const from = appOriginOf(c.req.raw)
  if (from === null) return
  headers.set('Access-Control-Allow-Origin', from.origin)
  headers.set('Access-Control-Expose-Headers', exposed)
}

/** Behind the guard: the question that a browser asks before it sends what only pages of the same origin may send. */
export const answerPreflights: MiddlewareHandler = async (c, next) => {
  const isPreflight = c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined
  if (!isPreflight || appOriginOf(c.req.raw) === null) return next()
  return c.body(null, 204, preflight)
}
