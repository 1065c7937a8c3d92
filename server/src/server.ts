import { type Asyncv, type Logger, silentLogger } from 'asyncv'
import { createRuntimeApp } from './app.ts'
import { type Listening, listen } from './listen.ts'

export interface ServerOptions {
  /** Names besides loopback ones that a Host header may have, such as `assistant.internal`. */
  allowedHosts?: readonly string[]
  /** Web origins besides loopback ones that a browser may call from, such as `https://app.example`. */
  allowedOrigins?: readonly string[]
  /** Largest request body. Bytes, default 1 MiB. */
  maxBodyBytes?: number
  /** Hears of failures that are bugs. Default: silent. */
  logger?: Logger
}

export interface Server {
  /** For mounting in an app: `app.mount('/assistant', server.runtime.fetch)`. */
  runtime: { fetch(request: Request): Response | Promise<Response> }
  /** Opens the port. Until there are keys, loopback only. Throws `config_invalid` that says what to change. */
  listen(address: { host: string; port: number }): Promise<Listening>
}

export type { Listening }

/** The HTTP service of a runtime. Opens nothing before `listen`. */
export function createServer(asyncv: Asyncv, options: ServerOptions = {}): Server {
  const { allowedHosts = [], allowedOrigins = [], maxBodyBytes = 1_048_576, logger = silentLogger } = options
  const app = createRuntimeApp(asyncv, { allowedHosts, allowedOrigins, maxBodyBytes, logger })
  return {
    runtime: { fetch: (request) => app.fetch(request) },
    async listen(address) {
      const listening = await listen(app.fetch, address)
      asyncv.announce({ url: listening.url })
      return listening
    },
  }
}
