import { type Asyncv, type Logger, silentLogger } from 'asyncv'
import { createRuntimeApp } from './app.ts'
import { toOrigin } from './guard.ts'
import { type Address, type Listening, listen } from './listen.ts'

export interface ServerOptions {
  /**
   * Names besides loopback ones that a Host header may have, such as `assistant.internal`, with any port. Whoever comes by
   * one of them may do everything, so let something in front authenticate them.
   */
  allowedHosts?: readonly string[]
  /** Web origins besides the service's own whose pages may call it, such as `https://app.example`. */
  allowedOrigins?: readonly string[]
  /** Largest request body. Bytes, default 1 MiB. */
  maxBodyBytes?: number
  /** Hears of bugs as errors, and at level debug of every other problem that was answered. Default: silent. */
  logger?: Logger
}

export interface Server {
  /**
   * For mounting in an app: `app.mount('/assistant', server.runtime.fetch)`. It has no keys yet, and answers loopback hosts
   * only. In an app that others can reach this is no protection, since the Host header is the caller's own word: there
   * authenticate every request before it comes here.
   */
  runtime: { fetch(request: Request): Response | Promise<Response> }
  /**
   * Opens the port; 0 takes a free one. Until there are keys, loopback only. May come before the runtime is started: then
   * `/readyz` says so, and messages are refused as `not_running`. Throws `config_invalid` that says what to change.
   */
  listen(address: Address): Promise<Listening>
}

export type { Listening }

/** The HTTP service of a runtime. Opens nothing before `listen`. Throws `config_invalid` when an origin is none. */
export function createServer(asyncv: Asyncv, options: ServerOptions = {}): Server {
  const { allowedHosts = [], allowedOrigins = [], maxBodyBytes = 1_048_576, logger = silentLogger } = options
  const app = createRuntimeApp(asyncv, {
    allowedHosts,
    allowedOrigins: allowedOrigins.map(toOrigin),
    maxBodyBytes,
    logger,
  })
  return {
    runtime: { fetch: (request) => app.fetch(request) },
    async listen(address) {
      const listening = await listen(app.fetch, address, logger)
      asyncv.announce({ url: listening.url })
      return listening
    },
  }
}
