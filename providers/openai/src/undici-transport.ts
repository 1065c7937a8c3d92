import { isSecret, reveal } from 'asyncv'
import { type Dispatcher, EnvHttpProxyAgent, Pool, ProxyAgent } from 'undici'
import type { ResolvedOptions } from './options.ts'
import type { ChatBody } from './request.ts'
import type { ResponseHeaders } from './retry-after.ts'
import type { Exchange, Receiver, Transport } from './transport.ts'

/**
 * How long an idle connection is kept, ms. Chat messages come seconds apart, and a new TLS connection costs two round
 * trips; a service that closes earlier says so in `Keep-Alive`, which undici obeys.
 */
const keepAliveMs = 30_000

/** Requests over undici's dispatch handlers: no stream object is made for a body that is read once, in order. */
export function undiciTransport(options: ResolvedOptions): Transport {
  const base = new URL(options.baseURL)
  /** From the first request to `close`, and again after it. */
  let dispatcher: Dispatcher | null = null
  const folder = base.pathname.replace(/\/+$/, '')
  const completions = { origin: base.origin, path: `${folder}/chat/completions${base.search}`, method: 'POST' } as const
  const list = { origin: base.origin, path: `${folder}/models${base.search}`, method: 'GET' } as const
  const { apiKey = '', headers: given } = options
  // Those of texts are the same for every request; a secret may be another one at the next.
  const fixed = [apiKey, ...Object.values(given)].some(isSecret) ? null : headersOf(options, base.origin)

  const exchange = (
    { origin, path, method }: typeof completions | typeof list,
    body: string | null,
    receiver: Receiver,
  ): Exchange => {
    const handler = new Handler(receiver)
    const headers = fixed ?? headersOf(options, base.origin)
    // The watchdog counts instead of undici; see there.
    dispatcher ??= dispatcherFor(base, options)
    dispatcher.dispatch({ origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 }, handler)
    return handler
  }
  return {
    name: base.host,
    complete: (body: ChatBody, receiver) => exchange(completions, JSON.stringify(body), receiver),
    models: (receiver) => exchange(list, null, receiver),
    // `destroy`, not `close`: the runtime has ended its calls by now, and what is left must not hold the process.
    async close() {
      const open = dispatcher
      dispatcher = null
      await open?.destroy()
    },
  }
}

function dispatcherFor({ origin, protocol }: URL, { proxy, connections, timeouts }: ResolvedOptions): Dispatcher {
  const connect = { timeout: timeouts.connectMs }
  const options = { connections, pipelining: 1, keepAliveTimeout: keepAliveMs, connect }
  const uri = typeof proxy === 'object' ? proxy[protocol === 'https:' ? 'https' : 'http'] : proxy
  // One origin needs no table of origins, which `Agent` looks every request up in.
  if (uri === undefined) return new Pool(origin, options)
  const proxied = { ...options, requestTls: connect, proxyTls: connect }
  if (typeof proxy === 'string') return new ProxyAgent({ ...proxied, uri })
  // All of it is given, because what is left out would be read from the environment.
  return new EnvHttpProxyAgent({ ...proxied, httpProxy: uri, httpsProxy: uri, noProxy: proxy?.noProxy ?? '' })
}

function headersOf({ apiKey, organization, headers }: ResolvedOptions, origin: string): string[] {
  const all = new Map([
    ['content-type', 'application/json'],
    ['accept', 'text/event-stream, application/json'],
    ['user-agent', 'asyncv'],
  ])
  if (apiKey !== undefined) all.set('authorization', `Bearer ${reveal(apiKey, origin)}`)
  if (organization !== undefined) all.set('openai-organization', organization)
  for (const [name, value] of Object.entries(headers)) all.set(name.toLowerCase(), reveal(value, origin))
  return [...all].flat()
}

class Handler implements Dispatcher.DispatchHandler, Exchange {
  readonly #receiver: Receiver
  /** Null until the request has a connection. */
  #controller: Dispatcher.DispatchController | null = null
  #aborted = false

  constructor(receiver: Receiver) {
    this.#receiver = receiver
  }

  abort(): void {
    this.#aborted = true
    this.#controller?.abort(aborted)
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted) controller.abort(aborted)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    this.#receiver.head(status, headers)
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    if (!this.#aborted) this.#receiver.bytes(bytes)
  }

  onResponseEnd(): void {
    if (!this.#aborted) this.#receiver.end()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (!this.#aborted) this.#receiver.failed(error)
  }
}

/** Made once: a stack trace for each abort would tell nobody anything. */
const aborted = new Error('The call was aborted.')
