import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Follows a server's connections so that it can be closed without waiting for those that do nothing. Node closes the ones
 * that are idle at that moment only: neither one whose answer ends later, nor one that has not asked for anything yet.
 *
 * Also cuts who has been sent something and takes none of it for `stuckMs`: what waits for them would be kept for ever. One
 * whose answer is still being computed has nothing to take, and may wait.
 */
export function followConnections(server: Server, stuckMs: number): { close(graceMs: number): Promise<void> } {
  /** How many requests are under way on each; with pipelining there are several. */
  const underWay = new Map<Socket, number>()
  let closing = false
  /** How much each had taken when it was last seen to take something, and when that was. */
  const taken = new WeakMap<Socket, { bytes: number; at: number }>()
  let watching: NodeJS.Timeout | undefined
  const watch = (): void => {
    const now = performance.now()
    for (const socket of underWay.keys()) {
      const bytes = socket.bytesWritten - socket.writableLength
      const last = taken.get(socket)
      if (socket.writableLength === 0 || last === undefined || last.bytes !== bytes)
        taken.set(socket, { bytes, at: now })
      else if (now - last.at >= stuckMs) socket.destroy()
    }
  }

  server.once('listening', () => (watching = setInterval(watch, stuckMs / 4).unref()))
  server.once('close', () => clearInterval(watching))
  server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0)
    socket.once('close', () => underWay.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    count(socket, 1)
    response.once('close', () => {
      count(socket, -1)
      if (closing && underWay.get(socket) === 0) socket.destroySoon()
    })
  })

  function count(socket: Socket, change: 1 | -1): void {
    const requests = underWay.get(socket)
    if (requests !== undefined) underWay.set(socket, requests + change)
  }

  return {
    async close(graceMs) {
      closing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const [socket, requests] of underWay) if (requests === 0) socket.destroy()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(timer)
    },
  }
}
