import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, fetch as undiciFetch, type RequestInit, type Response as UndiciResponse } from 'undici'
import { AsyncvError } from '../errors.ts'
import { type Allowance, allowanceOf } from './allowance.ts'
import { atMost } from './at-most.ts'
import { type EgressRequest, redirected } from './redirect.ts'

export interface EgressOptions {
  /**
   * What may be reached although it is private: addresses, subnets such as `10.0.0.0/8`, names such as `intranet.example` or
   * `*.corp.example`. For an operator to write, never a model or a caller. Default: nothing.
   */
  allow?: readonly string[]
  /** Redirects that are followed. Default 5. */
  maxRedirects?: number
  /** Largest answer. Bytes, default 10 MiB. */
  maxBytes?: number
  /** How long a whole exchange may take, redirects and body included. ms, default 30,000. */
  timeoutMs?: number
  /** How names are resolved. Default: as the system does. */
  lookup?: Lookup
}

/** As `dns.lookup` with `all`. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** A way out for addresses that somebody else chose: a model, a caller, a page that was read. */
export interface Egress {
  /**
   * Like `fetch`, and only to where one may go: each name is resolved, its addresses are checked, and the connection goes to
   * one that was checked; so it is with every redirect, which takes no credentials to another origin. Throws
   * `egress_refused`, and what `fetch` throws.
   */
  fetch(url: string | URL, request?: EgressRequest): Promise<Response>
  /** Closes kept connections. */
  close(): Promise<void>
}

/** Opens nothing before the first request. Throws `config_invalid`. */
export function createEgress(options: EgressOptions = {}): Egress {
  const { allow = [], maxRedirects = 5, maxBytes = 10 * 1_048_576, timeoutMs = 30_000, lookup = systemLookup } = options
  const allowance = allowanceOf(allow)
  const agent = new Agent({ connect: { lookup: checkedLookup(allowance, lookup) }, maxResponseSize: -1 })
  return {
    async fetch(given, request = {}) {
      const limits = [AbortSignal.timeout(timeoutMs), ...(request.signal == null ? [] : [request.signal])]
      const signal = AbortSignal.any(limits)
      let next = { url: checkedUrl(given, allowance), request }
      for (let redirects = 0; ; redirects++) {
        const response = await ask(next.url, { ...next.request, signal, redirect: 'manual', dispatcher: agent })
        const location = response.headers.get('location')
        if (location === null || response.status < 300 || response.status > 399) return atMost(maxBytes, response)
        await response.body?.cancel()
        if (redirects === maxRedirects) throw refused(next.url, `redirects more than ${maxRedirects} times`)
        const to = checkedUrl(new URL(location, next.url), allowance)
        next = { url: to, request: redirected(next.request, { from: next.url, to, status: response.status }) }
      }
    },
    close: () => agent.close(),
  }
}

async function ask(url: URL, init: RequestInit): Promise<UndiciResponse> {
  try {
    return await undiciFetch(url, init)
  } catch (error) {
    // `fetch` says only that it failed; why stands behind that.
    const cause = error instanceof Error ? error.cause : undefined
    throw cause instanceof AsyncvError ? cause : error
  }
}

/** A host that is an address is not resolved, so it is checked here. URLs have all odd ways to write one made plain. */
function checkedUrl(given: string | URL, allowance: Allowance): URL {
  if (!URL.canParse(String(given)))
    throw new AsyncvError('egress_refused', `${JSON.stringify(String(given))} is no URL.`)
  const url = new URL(given)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused(url, `has the scheme ${url.protocol}`)
  if (url.username !== '' || url.password !== '') throw refused(url, 'holds a user or a password')
  const host = hostOf(url)
  if (isIP(host) !== 0 && !allowance.address(host)) throw refused(url, 'is no public address')
  return url
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

/** The connection goes to an address that was checked: who looks it up again could be told of another one. */
function checkedLookup(allowance: Allowance, resolve: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const named = allowance.name(hostname.toLowerCase().replace(/\.$/, ''))
      const good = addresses.filter(({ address }) => named || allowance.address(address))
      const [first] = good
      if (first === undefined) return callback(leadsElsewhere(hostname), '', 0)
      if (options.all) (callback as unknown as (error: null, found: typeof good) => void)(null, good)
      else callback(null, first.address, first.family)
    })
  }
}

/** Not which address: who asks may not be who runs this network. */
function leadsElsewhere(hostname: string): AsyncvError {
  return new AsyncvError('egress_refused', `${hostname} leads to no public address.`, { hint: allowHint })
}

function refused(url: URL, why: string): AsyncvError {
  return new AsyncvError('egress_refused', `${url.origin} ${why}.`, { hint: allowHint })
}

const allowHint = 'Whoever runs this can add private hosts to the egress allow-list.'
