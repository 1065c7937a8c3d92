import { openSqlite } from '@asyncv/migrations'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openService } from '../security/service.fixture.ts'

const service = await openService()
const { admin, db } = service
afterAll(() => service.close())

const agent = (name: string, instructions = 'x') => ({
  kind: 'agent',
  name,
  content: { model: 'offline/demo', instructions },
})

test('on a full disk nothing is half saved, what is there can be read, and it goes on when there is room', async () => {
  await sql`pragma max_page_count = 1`.execute(db) // as few as it has now
  const large = agent('large', 'x'.repeat(90_000))
  const full = await admin.ask('POST', '/api/items', large)
  expect({ status: full.status, code: full.body.code }).toEqual({ status: 503, code: 'storage_failed' })
  expect(full.body.hint).toContain('space')
  expect((await admin.ask('GET', '/api/items')).body).toEqual({ data: [] })
  await sql`pragma max_page_count = 1000000`.execute(db)
  expect((await admin.ask('POST', '/api/items', large)).status).toBe(201)
  expect((await admin.ask('GET', '/api/audit/verify')).body).toMatchObject({ whole: true })
})

test('while another program holds a lock, nothing is saved, and whoever is signed in can read on', async () => {
  const other = await openSqlite(join(service.folder, 'studio.db'))
  // Old enough for its use to be written down.
  await db
    .updateTable('session')
    .set({ seen_at: Date.now() - 120_000 })
    .execute()
  other.exec('begin immediate')
  const refused = await admin.ask('POST', '/api/items', agent('locked'))
  const read = await admin.ask('GET', '/api/me')
  other.exec('rollback')
  other.close()
  expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 503, code: 'storage_failed' })
  expect(read.status).toBe(200)
  expect((await admin.ask('POST', '/api/items', agent('locked'))).status).toBe(201)
})

test('what could not be written down is not done to a runtime, and what was done all the same is told as that', async () => {
  const other = await openSqlite(join(service.folder, 'studio.db'))
  let [done, locksWhenAsked] = [0, false]
  const runtime = createServer((_, response) => {
    done += 1
    if (locksWhenAsked) other.exec('begin immediate')
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => runtime.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(runtime.address() as AddressInfo).port}`
  const key = 'avk_full_fullfull'
  const { body } = await admin.ask('POST', '/api/runtimes', { name: 'full', url, managementUrl: url, key })
  const discard = () => admin.ask('POST', `/api/runtimes/${body.id}/v1/deliveries/one/discard`)

  other.exec('begin immediate')
  const refused = await discard()
  other.exec('rollback')
  expect({ status: refused.status, done }).toEqual({ status: 503, done: 0 })
  expect(refused.body.hint).toContain('Nothing of this was kept')
  locksWhenAsked = true
  const told = await discard()
  other.exec('rollback')
  expect({ status: told.status, done }).toEqual({ status: 503, done: 1 })
  expect(told.body).toMatchObject({ detail: 'The runtime answered 200, and Studio could not write that down.' })
  expect(told.body.hint).not.toContain('Nothing of this was kept')
  locksWhenAsked = false
  expect((await discard()).status).toBe(200)
  expect((await admin.ask('GET', '/api/audit/verify')).body).toMatchObject({ whole: true })
  other.close()
  runtime.close()
})

test('what is no bug is not called one', () => {
  expect(service.logged.filter((line) => JSON.stringify(line).includes('a request failed'))).toEqual([])
})

test('what has ended its transaction by itself is told, and the next one begins', async () => {
  const twice = db.transaction().execute(async (trx) => {
    await sql`insert or rollback into audit_head values (1, 0, '')`.execute(trx)
  })
  await expect(twice).rejects.toThrow(/UNIQUE constraint failed/)
  expect((await admin.ask('POST', '/api/items', agent('next'))).status).toBe(201)
})
