import type { MiddlewareHandler } from 'hono'
import { isLoopback } from './loopback.ts'
import { Problem } from './problem.ts'

export interface GuardOptions {
  allowedHosts: readonly string[]
  allowedOrigins: readonly string[]
}

/**
 * Without keys, being on this machine is the only credential, and a web page must not borrow it: the Host has to be ours
 * (else a name that was rebound to 127.0.0.1 gets in), and so has the Origin, which browsers send with what a page asks.
 */
export function guard({ allowedHosts, allowedOrigins }: GuardOptions): MiddlewareHandler {
  const hosts = new Set(allowedHosts.map((host) => host.toLowerCase()))
  const origins = new Set(allowedOrigins)
  return async (c, next) => {
    const host = c.req.header('host') ?? ''
    const name = host.replace(/:\d+$/, '').toLowerCase()
    if (!isLoopback(name) && !hosts.has(name)) {
      throw new Problem(421, 'host_refused', `This service does not answer for the host ${JSON.stringify(host)}.`, {
        hint: 'Call it by a loopback address, or add the name to server.allowedHosts.',
      })
    }
    const origin = c.req.header('origin')
    if (origin !== undefined && !origins.has(origin) && !isLoopbackOrigin(origin)) {
      throw new Problem(403, 'origin_refused', `Pages of ${JSON.stringify(origin)} may not call this service.`, {
        hint: 'Add the origin to server.allowedOrigins.',
      })
    }
    await next()
  }
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname)
}
