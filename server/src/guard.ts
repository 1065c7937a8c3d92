import { AsyncvError } from 'asyncv'
import type { MiddlewareHandler } from 'hono'
import { isLoopback } from './loopback.ts'
import { Problem } from './problem.ts'
import type { SenderOf } from './sender.ts'

export interface GuardOptions {
  allowedHosts: readonly string[]
  allowedOrigins: readonly string[]
  senderOf: SenderOf
}

/**
 * Without keys, being on this machine is the only credential, and a web page must not borrow it: the Host has to be ours
 * (else a name that was rebound to 127.0.0.1 gets in), and so has the Origin, which browsers send with what a page asks.
 * Pages of another port of this machine are another origin, too.
 *
 * That holds against pages, not against programs: these write what they like in both headers. What keeps them out is the
 * loopback address that `listen` insists on, or the authentication in front of an app that mounts the service.
 */
export function guard({ allowedHosts, allowedOrigins, senderOf }: GuardOptions): MiddlewareHandler {
  const hosts = new Set(allowedHosts.map(nameOf))
  const origins = new Set(allowedOrigins)
  return async (c, next) => {
    const { host } = senderOf(c)
    checkHost(host)
    // A request line may hold a full address, which says whom it is for whatever `Host` says (RFC 9112, section 3.2.2).
    const addressed = hostIn(c.req.url)
    if (addressed !== c.req.header('host')) checkHost(addressed)
    const origin = c.req.header('origin')
    if (origin !== undefined && !isOwn(origin, host) && !origins.has(origin)) {
      throw new Problem('origin_refused', `Pages of ${JSON.stringify(origin)} may not call this service.`, {
        hint: 'Add the origin to server.allowedOrigins.',
      })
    }
    await next()
  }

  function checkHost(host: string): void {
    const name = nameOf(host)
    if (isLoopback(name) || hosts.has(name)) return
    throw new Problem('host_refused', `This service does not answer for the host ${JSON.stringify(host)}.`, {
      hint: 'Call it by a loopback address, or, where callers are authenticated first, add the name to server.allowedHosts.',
    })
  }
}

/** Without making a URL of it, since every request is looked at. */
function hostIn(url: string): string {
  const begin = url.indexOf('//') + 2
  return url.slice(begin, url.indexOf('/', begin))
}

/** A Host header without its port. */
function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}

/** Whether a page came from this service itself. The scheme is a proxy's affair. */
function isOwn(origin: string, host: string): boolean {
  return /^https?:\/\//.test(origin) && URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}

/** The form in which browsers send an origin. Throws `config_invalid`. */
export function toOrigin(value: string): string {
  const origin = URL.canParse(value) ? new URL(value).origin : 'null'
  if (origin !== 'null') return origin
  throw new AsyncvError(
    'config_invalid',
    `server.allowedOrigins has ${JSON.stringify(value)}, which is no web origin.`,
    {
      hint: 'Write the scheme, the host and the port if it has one, such as "https://app.example".',
    },
  )
}
