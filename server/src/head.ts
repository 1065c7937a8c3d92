import type { MiddlewareHandler } from 'hono'

/** A HEAD is answered as its GET would be, and nobody reads what that says: a stream is ended, or it would stay open. */
export const dropHeadBody: MiddlewareHandler = async (c, next) => {
  await next()
  if (c.req.method === 'HEAD') await c.res.body?.cancel()
}
