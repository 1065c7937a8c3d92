import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Follows a server's connections so that it can be closed without waiting for those that do nothing. Node closes the ones
 * that are idle at that moment only: neither one whose answer ends later, nor one that has not asked for anything yet.
 */
export function followConnections(server: Server): { close(graceMs: number): Promise<void> } {
  /** How many requests are under way on each; with pipelining there are several. */
  const underWay = new Map<Socket, number>()
  let closing = false

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
