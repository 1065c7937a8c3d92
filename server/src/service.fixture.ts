import { connect } from 'node:net'
import { type Asyncv, type AsyncvOptions, createAsyncv, offline, type Provider } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import type { ServerOptions } from './options.ts'
import type { RouteInfo } from './route-list.ts'
import { createServer, type Listening } from './server.ts'

/** A model that says how often it was asked. */
export function counting(): Provider & { calls: number } {
  const model = {
    calls: 0,
    async *stream(...call: Parameters<Provider['stream']>) {
      model.calls++
      yield* offline().stream(...call)
    },
  }
  return model
}

/** A model that says what it was given, in small pieces. */
export const echo: Provider = {
  async *stream({ messages }) {
    const said = messages.map(
      ({ role, parts }) => `${role}: ${parts.map((part) => (part.type === 'text' ? part.text : part.type)).join('')}`,
    )
    for (const piece of said.join(' | ').match(/[\s\S]{1,7}/g) ?? []) yield { type: 'text.delta', text: piece }
    yield { type: 'usage', inputTokens: 7, outputTokens: 3 }
    yield { type: 'finish', reason: 'stop' }
  },
}

/** A model that answers when it is let go. */
export function gated(): Provider & { letGo(): void; asked: Promise<void> } {
  let letGo = (): void => {}
  let ask = (): void => {}
  const open = new Promise<void>((resolve) => (letGo = resolve))
  const asked = new Promise<void>((resolve) => (ask = resolve))
  return {
    letGo,
    asked,
    async *stream(_, { signal }) {
      ask()
      await Promise.race([open, new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))])
      if (signal.aborted) return
      yield { type: 'text.delta', text: 'at last' }
      yield { type: 'finish', reason: 'stop' }
    },
  }
}

/** A model that refuses. */
export const broken: Provider = {
  async *stream() {
    yield { type: 'error', error: { code: 'provider_denied', message: 'bad key', retryable: false } }
  },
}

export interface Service {
  asyncv: Asyncv
  url: string
  listening: Listening
  /** The same service without a wire. */
  fetch(request: Request): Response | Promise<Response>
  post(agent: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** Sends bytes as they are and resolves with everything that comes back until the service closes the connection. */
  raw(request: string | Buffer): Promise<string>
  /** Every route of both listeners. */
  routes(): RouteInfo[]
  /** Opens the port for those who manage it. */
  management(): Promise<Listening>
  close(): Promise<void>
}

/** A runtime in memory and its service on a free port. The agent of each provider has the provider's name. */
export async function openService(
  providers: Record<string, Provider>,
  options: Partial<AsyncvOptions> = {},
  serverOptions: ServerOptions = {},
): Promise<Service> {
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    providers,
    agents: Object.keys(providers).map((name) => ({ name, model: `${name}/m` })),
    ...options,
  })
  await asyncv.start()
  const server = createServer(asyncv, serverOptions)
  const listening = await server.listen({ host: '127.0.0.1', port: 0 })
  const { url } = listening
  return {
    asyncv,
    url,
    listening,
    fetch: server.runtime.fetch,
    post: (agent, body, headers = {}) =>
      fetch(`${url}/v1/agents/${agent}/messages`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      }),
    routes: server.routes,
    management: () => server.management.listen(0),
    raw: (request) => sendRaw(Number(new URL(url).port), request),
    async close() {
      await listening.close({ graceMs: 0 })
      await asyncv.stop({ drainMs: 0 })
    },
  }
}

function sendRaw(port: number, request: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    // A service that cuts a flood may reset the connection; what it said before counts.
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

/** A problem document with what its answer's head said. */
export async function problemOf(response: Response): Promise<Record<string, unknown>> {
  return { ...((await response.json()) as object), status: response.status, type: response.headers.get('content-type') }
}

/** The events of a stream that has ended. */
export async function eventsOf(response: Response): Promise<{ event: string; data: Record<string, unknown> }[]> {
  const frames = (await response.text()).split('\n\n').filter((frame) => frame.startsWith('event: '))
  return frames.map((frame) => {
    const [event = '', data = ''] = frame.split('\n')
    return { event: event.slice('event: '.length), data: JSON.parse(data.slice('data: '.length)) }
  })
}
