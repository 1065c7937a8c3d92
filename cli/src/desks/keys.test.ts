import { lockOwner } from '@asyncv/migrations'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openKeyDesk } from './keys.ts'
import { ensureOperatorKey } from '../key-files/operator-key.ts'

let folder: string
let database: string
const ends: (() => void)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
  database = join(folder, 'asyncv.db')
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
  rmSync(folder, { recursive: true, force: true })
})

/** A service that has the database, and listens so to those who manage it. */
async function service(answer: RequestListener): Promise<{ management: string; leave(): void }> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const management = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const owner = await lockOwner(database)
  owner.announce({ url: 'http://127.0.0.1:1', management })
  await ensureOperatorKey(database)
  const leave = (): void => {
    server.close()
    server.closeAllConnections()
  }
  ends.push(() => owner.release(), leave)
  return { management, leave }
}

test('a service that has closed its ports, and still has the database, is stopping', async () => {
  const { leave } = await service(() => {})
  leave()
  const desk = await openKeyDesk(database, { makes: false })
  await expect(desk.list()).rejects.toMatchObject({
    name: 'CommandError',
    message: `The service that has the database, process ${process.pid}, is stopping.`,
    hint: 'Try again in a moment.',
    exitCode: 1,
  })
})

test('so is one that breaks its answer off', async () => {
  await service((_, response) => {
    response.writeHead(200, { 'Content-Length': 100 })
    response.write('{"data":', () => response.destroy())
  })
  const desk = await openKeyDesk(database, { makes: false })
  await expect(desk.list()).rejects.toMatchObject({ message: expect.stringContaining('is stopping') })
})

test.each([200, 502])('a page with status %i is no answer about keys', async (status) => {
  const { management } = await service((_, response) => response.writeHead(status).end('<html>'))
  const desk = await openKeyDesk(database, { makes: false })
  await expect(desk.list()).rejects.toMatchObject({
    name: 'CommandError',
    message: `${management} answered ${status} with something that is no answer of an asyncv service.`,
    hint: 'Try again in a moment.',
  })
})
