import type { MiddlewareHandler } from 'hono'

/**
 * What a page of Studio may do, for whatever slips into one: load and call nothing but Studio itself, run no script that is
 * written into it, wear no style that is, be framed by nobody. Editors and charts place what they draw by properties and
 * constructed style sheets. A page of another host calls `connect` and nothing else; who may frame it is a header's alone to say.
 */
export function pagePolicy(connect: string): string[] {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ]
}

const policy = [...pagePolicy("'self'"), "frame-ancestors 'none'"].join('; ')

/** The headers of every answer; `answerProblems` and streams included, since they are set once the answer is there. */
export const withSafeHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  const { headers } = c.res
  // What a runtime answered has a stricter one.
  if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', policy)
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', 'no-referrer')
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  headers.set('Cross-Origin-Resource-Policy', 'same-origin')
  headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  // Nobody reads it, and what streams would wait for a reader.
  if (c.req.method === 'HEAD') await c.res.body?.cancel()
}
