import type { Asyncv } from 'asyncv'
import { createRuntimeApp } from './app.ts'
import { type Address, type Listening, listen } from './listen.ts'
import { createManagementApp } from './management.ts'
import { openings } from './opened-by.ts'
import { resolveServerOptions, type ServerOptions } from './options.ts'
import { type RouteInfo, routeList } from './route-list.ts'

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
  /** From now on `/readyz` says that it is not ready; requests are answered all the same. For who is about to stop. */
  leave(): void
  /**
   * Answers what comes in at the ports of another server from now on; what is under way there ends there. For a program that
   * puts one runtime in the place of another.
   */
  adopt(ports: { runtime: Listening; management: Listening }): void
  /** Every route of both listeners, and what opens it. */
  routes(): RouteInfo[]
  /** For those who manage the runtime, apart from its callers. Everything in it wants the operator key. */
  management: {
    fetch(request: Request): Response | Promise<Response>
    /** Opens its port, which is on loopback always. */
    listen(port: number): Promise<Listening>
  }
}

export type { Listening }

/** The HTTP service of a runtime. Opens nothing before `listen`. Throws `config_invalid` with the option that is wrong. */
export function createServer(asyncv: Asyncv, given: ServerOptions = {}): Server {
  const options = resolveServerOptions(given)
  const { limits, logger, basePath } = options
  let leaving = false
  const app = createRuntimeApp(asyncv, { ...options, isLeaving: () => leaving })
  const management = createManagementApp(asyncv, options)
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
      const below = { ...listening, url: listening.url + basePath }
      asyncv.announce({ url: fromHere(below.url) })
      return below
    },
    leave() {
      leaving = true
    },
    adopt(ports) {
      ports.runtime.serve(app.fetch)
      ports.management.serve(management.fetch)
      asyncv.announce({ url: fromHere(ports.runtime.origin + basePath), management: ports.management.url })
    },
    routes: () => routeList(app, openings(management)),
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
