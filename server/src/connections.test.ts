import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { followConnections } from './connections.ts'

const size = 30_000_000

let close = async (): Promise<void> => {}
afterEach(() => close())

/** Answers with one large write, which takes long when its reader is slow. */
async function open(stuckMs: number): Promise<number> {
  const server = createServer((_, response) => response.end(Buffer.alloc(size)))
  const connections = followConnections(server, stuckMs)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = () => connections.close(0)
  // A TCP server that listens has an address, not a pipe's name.
  return (server.address() as AddressInfo).port
}

/** Takes what has come every 5 ms, which is little each time, and resolves with how much that was. */
async function readSlowly(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.on('readable', () => {}) // so that nothing flows by itself
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  let taken = 0
  while (!socket.closed && taken < size) {
    // `read` gives null when nothing has come.
    taken += (socket.read() as Buffer | null)?.length ?? 0
    await sleep(5)
  }
  socket.destroy()
  return taken
}

test('who reads slowly gets all of a large answer', async () => {
  expect(await readSlowly(await open(1_000))).toBeGreaterThanOrEqual(size)
}, 20_000)

test('who reads nothing is cut', async () => {
  const port = await open(300)
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await sleep(1_000)
  let taken = 0
  socket.on('data', (chunk) => (taken += chunk.length)).resume()
  await new Promise((resolve) => socket.once('close', resolve))
  expect(taken).toBeLessThan(size)
}, 20_000)
