import { getRequestListener } from '@hono/node-server'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import type { AppOrigin } from './app-origins.ts'
import { isLoopback } from './http/loopback.ts'
import { Problem, problemResponse } from './http/problem.ts'
import type { ResolvedStudioOptions } from './options.ts'
import { StudioError } from './studio-error.ts'

export interface Address {
  host: string
  /** 0 takes a free one. */
  port: number
  /** Listen on more than loopback though passwords and cookies then cross the network in the clear. Default false. */
  allowHttp?: boolean
}

export interface Listening {
  /** Such as `http://127.0.0.1:7410`; the public URL where there is one. */
  url: string
  /** Lets answers under way end for `graceMs` (default 2,000), then cuts them. */
  close(options?: { graceMs?: number }): Promise<void>
}

/**
 * As the runtime's listeners: slow clients must not hold sockets, and Node's own default of looking for them every 30 s would
 * double the time that they get. ms.
 */
export const usualLimits = { headersTimeout: 10_000, requestTimeout: 25_000, connectionsCheckingInterval: 5_000 }
/** A browser takes six, and one for each stream. */
const mostConnections = 2_000

type Fetch = Parameters<typeof getRequestListener>[0]

/** Opens the port. Throws `config_invalid` that says what to change. */
export async function listen(
  fetch: Fetch,
  address: Address,
  {
    publicUrl,
    appOrigins = [],
    limits = usualLimits,
  }: Pick<ResolvedStudioOptions, 'publicUrl'> &
    Partial<Pick<ResolvedStudioOptions, 'appOrigins'>> & { limits?: typeof usualLimits },
): Promise<Listening> {
  const { host, port } = checkAddress(address, publicUrl, appOrigins)
  const server = createServer(limits, getRequestListener(fetch, { errorHandler: unreadable }))
  server.maxConnections = mostConnections
  await opened(server, { host, port })
  const bound = server.address() as AddressInfo
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    url: publicUrl?.origin ?? `http://${shown}:${bound.port}`,
    async close({ graceMs = 2_000 } = {}) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(timer)
    },
  }
}

/** For what is no request: the routes turn everything else into problems themselves. */
function unreadable(error: unknown): Response {
  const problem = new Problem('request_malformed', `The request cannot be read: ${(error as Error).message}.`)
  return problemResponse(problem, randomUUID())
}

function checkAddress(
  { host, port, allowHttp = false }: Address,
  publicUrl: URL | null,
  appOrigins: readonly AppOrigin[],
): Pick<Address, 'host' | 'port'> {
  if (!isLoopback(host) && !allowHttp && publicUrl?.protocol !== 'https:') {
    throw new StudioError(
      'config_invalid',
      `Studio would listen on ${host} without https: passwords and sessions would cross the network in the clear.`,
      'Put https in front and give its address with --public-url https://…, or say --allow-http where the network is trusted.',
    )
  }
  const [app] = appOrigins.filter(({ origin }) => origin.startsWith('https:'))
  if (!isLoopback(host) && publicUrl === null && app !== undefined) {
    throw new StudioError(
      'config_invalid',
      `Studio would listen on ${host} without https, and its pages be at ${app.url}: no browser lets a page of https call that.`,
      'Put https in front and give its address with --public-url https://….',
    )
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StudioError('config_invalid', `The port of Studio is ${port}.`, 'Use one from 1 to 65535, or 0 for any.')
  }
  return { host: host.replace(/^\[|\]$/g, ''), port }
}

function opened(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const inUse = cause.code === 'EADDRINUSE'
      const message = inUse
        ? `Port ${port} on ${host} is in use by another program.`
        : `Cannot listen on ${host}:${port}: ${cause.message}.`
      reject(new StudioError('config_invalid', message, 'Choose another with --port or --host.', { cause }))
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}
