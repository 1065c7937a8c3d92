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
  /** What was left for each when it was last seen to take something, and when that was. */
  const taken = new WeakMap<Socket, Left & { at: number }>()
  let watching: NodeJS.Timeout | undefined
  const watch = (): void => {
    const now = performance.now()
    for (const socket of underWay.keys()) {
      const left = leftFor(socket)
      const last = taken.get(socket)
      const hasTaken = last === undefined || last.written !== left.written || last.queued !== left.queued
      if (socket.writableLength === 0 || hasTaken) taken.set(socket, { ...left, at: now })
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

interface Left {
  /** Bytes of writes that are over. */
  written: number
  /** What the system has not taken yet of the one under way: a large answer is one write, and a slow reader takes long for it. */
  queued: number
}

function leftFor(socket: Socket): Left {
  // Node looks at the same number before it calls a socket idle (lib/net.js, `_onTimeout`), but does not show it.
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null }
  return { written: socket.bytesWritten - socket.writableLength, queued: handle?.writeQueueSize ?? 0 }
}
