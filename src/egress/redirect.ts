import { AsyncvError } from '../errors.ts'

export interface EgressRequest {
  /** Default `GET`. */
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  signal?: AbortSignal
}

/** What says nothing of who asks; everything else that a request was given stays with its origin. */
const harmless = new Set(['accept', 'accept-encoding', 'accept-language', 'content-type', 'user-agent'])

/** The request that follows a redirect (Fetch standard, "HTTP-redirect fetch"). Throws `egress_refused`. */
export function redirected(
  { method = 'GET', headers = {}, body, signal }: EgressRequest,
  { from, to, status }: { from: URL; to: URL; status: number },
): EgressRequest {
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new AsyncvError('egress_refused', `${from.origin} redirects to ${to.origin}, which is not encrypted.`)
  }
  const becomesGet = status === 303 ? method !== 'HEAD' : (status === 301 || status === 302) && method === 'POST'
  const kept = Object.entries(headers).filter(([name]) => {
    if (becomesGet && name.toLowerCase().startsWith('content-')) return false
    return from.origin === to.origin || harmless.has(name.toLowerCase())
  })
  return {
    method: becomesGet ? 'GET' : method,
    headers: Object.fromEntries(kept),
    ...(becomesGet || body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  }
}
