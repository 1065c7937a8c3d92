import { type Asyncv, type Logger, silentLogger } from 'asyncv'
import { createRuntimeApp } from './app.ts'
import { createManagementApp } from './management.ts'
import { toOrigin } from './guard.ts'
import { resolveLimits, type ServerLimits } from './limits.ts'
import { type Address, type Listening, listen } from './listen.ts'

export interface ServerOptions {
  /**
   * Names besides loopback ones that a Host header may have, such as `assistant.internal`, with any port. Without keys,
   * whoever comes by one of them may do everything, so make keys, or let something in front authenticate them.
   */
  allowedHosts?: readonly string[]
  /** Web origins besides the service's own whose pages may call it, such as `https://app.example`. */
  allowedOrigins?: readonly string[]
  /** Largest request body. Bytes, default 1 MiB. */
  maxBodyBytes?: number
  /**
   * Where callers reach the service when something stands in front of it, such as `https://assistant.example`. Default: where
   * each request says that it went.
   */
  publicUrl?: string
  limits?: ServerLimits
  /** A key that may do everything, in every space; begins with `avk_`. Default: none. */
  operatorKey?: string
  /** Hears of bugs as errors, and at level debug of every other problem that was answered. Default: silent. */
  logger?: Logger
}

export interface Server {
  /**
   * For mounting in an app: `app.mount('/assistant', server.runtime.fetch)`. Without keys it answers loopback hosts only. In
   * an app that others can reach this is no protection, since the Host header is the caller's own word: there make keys
   * (`asyncv.keys.create`), or authenticate every request before it comes here.
   */
  runtime: { fetch(request: Request): Response | Promise<Response> }
  /**
   * Opens the port; 0 takes a free one. Loopback only, unless there are keys, which only a runtime that was started knows. May come before the runtime is started: then
   * `/readyz` says so, and messages are refused as `not_running`. Throws `config_invalid` that says what to change.
   */
  listen(address: Address): Promise<Listening>
  /** For those who manage the runtime, apart from its callers. Everything in it wants the operator key. */
  management: {
    fetch(request: Request): Response | Promise<Response>
    /** Opens its port, which is on loopback always. */
    listen(port: number): Promise<Listening>
  }
}

export type { Listening }

/** The HTTP service of a runtime. Opens nothing before `listen`. Throws `config_invalid` when an origin is none. */
export function createServer(asyncv: Asyncv, options: ServerOptions = {}): Server {
  const {
    allowedHosts = [],
    allowedOrigins = [],
    maxBodyBytes = 1_048_576,
    operatorKey = null,
    publicUrl = null,
    limits: givenLimits,
    logger = silentLogger,
  } = options
  const limits = resolveLimits(givenLimits)
  const app = createRuntimeApp(asyncv, {
    allowedHosts,
    allowedOrigins: allowedOrigins.map(toOrigin),
    maxBodyBytes,
    operatorKey,
    publicUrl,
    limits,
    logger,
  })
  const management = createManagementApp(asyncv, { maxBodyBytes, operatorKey, logger })
  return {
    runtime: { fetch: (request) => app.fetch(request) },
    async listen(address) {
      const listening = await listen(app.fetch, address, {
        hasKeys: () => asyncv.keys.exist(),
        maxConnections: limits.connections,
        stuckMs: limits.stuckMs,
        portSetting: '--port, ASYNCV_PORT or server.port',
        logger,
      })
      asyncv.announce({ url: fromHere(listening.url) })
      return listening
    },
    management: {
      fetch: (request) => management.fetch(request),
      async listen(port) {
        const listening = await listen(
          management.fetch,
          { host: '127.0.0.1', port },
          {
            hasKeys: never,
            maxConnections: limits.connections,
            stuckMs: limits.stuckMs,
            portSetting: '--management-port, ASYNCV_MANAGEMENT_PORT or server.managementPort',
            logger,
          },
        )
        asyncv.announce({ management: listening.url })
        return listening
      },
    },
  }
}

/** How programs of this machine reach what listens on every address. */
function fromHere(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')
}

/** What listens on loopback needs none. */
async function never(): Promise<boolean> {
  return false
}
