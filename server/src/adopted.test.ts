import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Asyncv, createAsyncv, everySpace } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { LogBook } from './logs/log-book.ts'
import { createServer } from './server.ts'

test('a tail of the log that began with the runtime before ends with it: its key is looked at by the next one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const logs = new LogBook()
  const runtime = (): Asyncv =>
    createAsyncv({ storage: sqlite(join(folder, 'a.db')), agents: [{ name: 'helper', model: 'offline/demo' }] })
  const [before, after] = [runtime(), runtime()]
  await before.start()
  const first = createServer(before, { logs })
  const ports = {
    runtime: await first.listen({ host: '127.0.0.1', port: 0 }),
    management: await first.management.listen(0),
  }
  const { key, id } = await before.keys.create({ name: 'console', scopes: ['operate'], space: everySpace })
  const tail = (): Promise<Response> =>
    fetch(`${ports.management.url}/admin/v1/logs`, {
      headers: { Authorization: `Bearer ${key}`, Accept: 'text/event-stream' },
    })
  const ended = (await tail()).text()
  await before.stop({ drainMs: 0 })
  createServer(after, { logs }).adopt(ports)
  await after.start()
  expect((await tail()).status).toBe(200)
  await after.keys.revoke(id)
  await sleep(1_000)
  logs.write('{"level":30,"time":1,"msg":"nothing for a key that is revoked"}\n')
  expect(await Promise.race([ended, sleep(1_000, 'goes on')])).toBe(': from here on\n\n')
  await Promise.all([ports.runtime.close({ graceMs: 0 }), ports.management.close({ graceMs: 0 })])
  await after.stop({ drainMs: 0 })
})
