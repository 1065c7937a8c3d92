import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A port of this machine at which nothing listens, and will. Not one that the system gives away by itself: those also
 * become the source of connections, so another process may have it before it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    // Below the ranges from which Linux (32768 and up), macOS and Windows (49152 and up) give.
    const port = 15_000 + Math.floor(Math.random() * 15_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
