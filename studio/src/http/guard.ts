import type { MiddlewareHandler } from 'hono'
import { isIP } from 'node:net'
import type { AppOrigin } from '../app-origins.ts'
import { isLoopback } from './loopback.ts'
import { Problem } from './problem.ts'
import { noteAppOrigin } from './sender.ts'

/**
 * Lets a browser's pages in only when they are Studio's own, or those of a host that was named, which reach the API alone. A
 * name that was rebound to this machine has another Host; an address cannot be rebound, so any is taken: who listens on more
 * than loopback has said so. What changes something must come from these very origins, which browsers say with each such
 * request, and forms of other sites cannot hide.
 */
export function guard(publicUrl: URL | null, appOrigins: readonly AppOrigin[] = []): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host
    checkHost(host, publicUrl)
    const origin = c.req.header('origin')
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (isRead && origin === undefined) return next()
    if (origin !== undefined && isOwn(origin, host, publicUrl)) return next()
    const from = isOfApi(c.req.path) ? appOrigins.find((one) => one.origin === origin) : undefined
    if (from === undefined) {
      const who = origin === undefined ? 'A request without an Origin' : `A page of ${JSON.stringify(origin)}`
      throw new Problem('origin_refused', `${who} may not do this.`, {
        hint: 'Open Studio at its own address; where a proxy stands in front, start it with --public-url, and where another host has its pages, with --app-origin.',
      })
    }
    noteAppOrigin(c.req.raw, from)
    await next()
  }
}

function isOfApi(path: string): boolean {
  return path === '/api' || path.startsWith('/api/')
}

function checkHost(host: string, publicUrl: URL | null): void {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (isLoopback(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0 || host.toLowerCase() === publicUrl?.host) return
  throw new Problem('host_refused', `Studio does not answer for the host ${JSON.stringify(host)}.`, {
    hint: 'Open it by its address, or start it with --public-url and the address that people use.',
  })
}

/**
 * Whether a page came from Studio itself. Behind a proxy only the public URL says which scheme that has: a page that somebody
 * on the way put at the same name over http is not Studio's.
 */
function isOwn(origin: string, host: string, publicUrl: URL | null): boolean {
  if (publicUrl !== null && origin === publicUrl.origin) return true
  return host.toLowerCase() !== publicUrl?.host && origin === `http://${host.toLowerCase()}`
}
