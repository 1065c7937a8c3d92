import { createAdaptorServer } from '@hono/node-server'
import { AsyncvError } from 'asyncv'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isLoopback } from './loopback.ts'

export interface Listening {
  url: string
  /** Takes no new requests, lets those under way end for `graceMs`, then cuts them. */
  close(options?: { graceMs?: number }): Promise<void>
}

type Fetch = Parameters<typeof createAdaptorServer>[0]['fetch']

/** How long a client may take to send its headers, and its whole request: slow ones must not hold sockets. ms. */
const headersTimeout = 10_000
const requestTimeout = 30_000

export async function listen(fetch: Fetch, { host, port }: { host: string; port: number }): Promise<Listening> {
  if (!isLoopback(host)) {
    throw new AsyncvError(
      'config_invalid',
      `server.host is ${JSON.stringify(host)}: without keys only loopback is served.`,
      {
        hint: 'Use 127.0.0.1, and a reverse proxy with its own authentication where others have to reach it.',
      },
    )
  }
  const server = createAdaptorServer({ fetch, serverOptions: { headersTimeout, requestTimeout } }) as HttpServer
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(asAsyncvError(error, host, port)))
    server.listen(port, host, resolve)
  })
  // A TCP server that listens has an address, not a pipe's name.
  const bound = server.address() as AddressInfo
  const shown = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return { url: `http://${shown}:${bound.port}`, close: ({ graceMs = 5_000 } = {}) => close(server, graceMs) }
}

async function close(server: HttpServer, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(timer)
}

function asAsyncvError(error: NodeJS.ErrnoException, host: string, port: number): AsyncvError {
  const where = `${host}:${port}`
  if (error.code === 'EADDRINUSE') {
    return new AsyncvError('config_invalid', `Port ${port} on ${host} is in use by another program.`, {
      hint: 'Stop it, or choose another port with --port, ASYNCV_PORT or server.port.',
      cause: error,
    })
  }
  return new AsyncvError('config_invalid', `Cannot listen on ${where}: ${error.message}.`, {
    hint: 'Check server.host and server.port; ports below 1024 need privileges.',
    cause: error,
  })
}
