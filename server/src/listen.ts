import { getRequestListener } from '@hono/node-server'
import { AsyncvError, type Logger, toErrorRecord } from 'asyncv'
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { followConnections } from './connections.ts'
import { logProblem } from './log-problem.ts'
import { isLoopback } from './loopback.ts'
import { Problem, problemResponse, toDocument } from './problem.ts'

export interface Listening {
  /** Where the service is: the origin, and below that the `basePath` of the server that opened the port. */
  url: string
  /** Without a path, such as `http://127.0.0.1:7400`. */
  origin: string
  /** Answers with something else from now on; see `Server.adopt`. */
  serve(fetch: Fetch): void
  /** Takes no new requests, lets those under way end for `graceMs` (default 5,000), then cuts them. */
  close(options?: { graceMs?: number }): Promise<void>
}

type Fetch = Parameters<typeof getRequestListener>[0]

export interface Address {
  host: string
  port: number
}

/** How long a client may take to send its headers, and its whole request: slow ones must not hold sockets. ms. */
const headersTimeout = 10_000
const requestTimeout = 25_000
/** How often Node looks for such clients. ms; its default of 30,000 would double the time they get. */
const connectionsCheckingInterval = 5_000

export interface ListenOptions {
  /** Whether callers can be told apart; without, only this machine is listened to. */
  hasKeys(): Promise<boolean>
  maxConnections: number
  /** A client that takes nothing of its answer for so long is cut. ms. */
  stuckMs: number
  /** How the port is chosen, for who finds it in use. */
  portSetting: string
  logger: Logger
}

export async function listen(
  fetch: Fetch,
  address: Address,
  { hasKeys, maxConnections, stuckMs, portSetting, logger }: ListenOptions,
): Promise<Listening> {
  let answer = fetch
  const { host, port } = await checkAddress(address, hasKeys)
  const server = createServer(
    { headersTimeout, requestTimeout, connectionsCheckingInterval },
    getRequestListener((request, env) => answer(request, env), { errorHandler: (error) => unreadable(error, logger) }),
  )
  server.maxConnections = maxConnections
  const connections = followConnections(server, stuckMs)
  await opened(server, { host, port }, portSetting)
  // Such as no file descriptor left for a connection; those that there are go on.
  server.on('error', (error) => logger.error({ error: toErrorRecord(error) }, 'the listener failed'))
  // A TCP server that listens has an address, not a pipe's name.
  const bound = server.address() as AddressInfo
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  const origin = `http://${shown}:${bound.port}`
  return {
    url: origin,
    origin,
    serve(next) {
      answer = next
    },
    close: ({ graceMs = 5_000 } = {}) => connections.close(graceMs),
  }
}

async function checkAddress({ host, port }: Address, hasKeys: () => Promise<boolean>): Promise<Address> {
  // A runtime that has not been started knows of no keys.
  if (!isLoopback(host) && !(await hasKeys().catch(() => false))) {
    throw new AsyncvError(
      'config_invalid',
      `server.host is ${JSON.stringify(host)}: without keys only loopback is served.`,
      { hint: 'Use 127.0.0.1, or make a key with "asyncv keys create" first.' },
    )
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new AsyncvError('config_invalid', `server.port is ${port}.`, {
      hint: 'Use a number from 1 to 65535, or 0 for any free port.',
    })
  }
  return { host: host.replace(/^\[|\]$/g, ''), port }
}

function opened(server: Server, { host, port }: Address, portSetting: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(asAsyncvError(error, { host, port }, portSetting))
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

/** For what is no request: the routes turn everything else into problems themselves. */
function unreadable(error: unknown, logger: Logger): Response {
  const problem = new Problem('request_malformed', `The request cannot be read: ${(error as Error).message}.`)
  const document = toDocument(problem, randomUUID())
  logProblem(logger, document, {}, error)
  return problemResponse(problem, document)
}

function asAsyncvError(error: NodeJS.ErrnoException, { host, port }: Address, portSetting: string): AsyncvError {
  if (error.code === 'EADDRINUSE') {
    return new AsyncvError('config_invalid', `Port ${port} on ${host} is in use by another program.`, {
      hint: `Stop it, or choose another port with ${portSetting}.`,
      cause: error,
    })
  }
  return new AsyncvError('config_invalid', `Cannot listen on ${host}:${port}: ${error.message}.`, {
    hint: 'Check server.host and server.port; ports below 1024 need privileges.',
    cause: error,
  })
}
