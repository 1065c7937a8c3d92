import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '@asyncv/migrations'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../logger.ts'
import { sqlite } from '../sqlite/index.ts'
import type { Storage } from '../storage.ts'
import { openStorage } from './storage.ts'

/** Rows of each table; more than a few pieces. */
const rows = 9_000

const folder = mkdtempSync(join(tmpdir(), 'asyncv-lists-'))
let storage: Storage

/** Everything is the `default` space's, but for one in 4,000; one task in 4,000 has failed, and is that space's too. */
beforeAll(async () => {
  const file = join(folder, 'asyncv.db')
  const open = () => openStorage(sqlite(file), { clock: systemClock, logger: silentLogger, hook: null })
  await (await open()).close()
  const database = await openSqlite(file)
  const id = `printf('%05d', n)`
  const rare = `n % 4000 = 0`
  database.exec(`
    create temp table number as with recursive c(n) as (select 1 union all select n + 1 from c where n < ${rows}) select n from c;
    insert into session select 's' || ${id}, 'tg:1:' || n || ':-', 1, iif(${rare}, 'seller', 'helper'), iif(${rare}, 'sales', 'default'), 2, 0, 0, null from number;
    insert into message select 'm' || ${id}, 's' || ${id}, 1, 't' || ${id}, '[]', null, n from number;
    insert into dedupe select 'tg:1', ${id}, 'm' || ${id}, '', n from number where n < ${rows};
    insert into task (id, session_id, message_id, order_seq, state, agent, when_busy, context, attempt, crashes, alone, input_tokens, output_tokens, created_at)
      select 't' || ${id}, 's' || ${id}, 'm' || ${id}, 1, iif(${rare}, 'failed', 'done'), iif(${rare}, 'seller', 'helper'), 'queue', '{}', 1, 0, 0, 0, 0, 0 from number;
    insert into delivery (id, key, task_id, part, kind, destination, body, state, attempt, uncertain_count, created_at)
      select 'd' || ${id}, '', 't' || ${id}, 0, 'answer', 'tg:1:' || n || ':-', '[]', iif(${rare}, 'dead', 'sent'), 1, 0, 0 from number;
  `)
  database.close()
  storage = await open()
})

afterAll(async () => {
  await storage.close()
  rmSync(folder, { recursive: true, force: true })
})

/** How often the event loop goes round while something is read. */
async function turnsDuring(read: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let going = true
  const count = (): void => {
    turns++
    if (going) setImmediate(count)
  }
  setImmediate(count)
  await read()
  going = false
  return turns
}

const ids = ({ data }: { data: { id: string }[] }): string[] => data.map(({ id }) => id)

test.each<[string, (order: 'newest' | 'oldest') => Promise<{ data: { id: string }[] }>, string]>([
  ['tasks of a space', (order) => storage.tasks({ space: 'sales', order }), 't'],
  ['tasks of an agent', (order) => storage.tasks({ agents: ['seller'], order }), 't'],
  ['sessions of a space', (order) => storage.sessions({ space: 'sales', order }), 's'],
  ['deliveries of a space', (order) => storage.deliveries({ space: 'sales', order }), 'd'],
])('the few %s are found among many, in turns with others', async (_, list, letter) => {
  expect(ids(await list('newest'))).toEqual([`${letter}08000`, `${letter}04000`])
  expect(ids(await list('oldest'))).toEqual([`${letter}04000`, `${letter}08000`])
  expect(await turnsDuring(() => list('newest'))).toBeGreaterThanOrEqual(4)
})

test('a page of what is rare goes on where the one before ended', async () => {
  const first = await storage.tasks({ space: 'sales', limit: 1 })
  expect(ids(first)).toEqual(['t08000'])
  const second = await storage.tasks({ space: 'sales', limit: 1, cursor: first.nextCursor ?? '' })
  expect([ids(second), second.nextCursor]).toEqual([['t04000'], null])
})

test('a page of what is plenty is as full and goes on', async () => {
  const first = await storage.tasks({ space: 'default', limit: 500 })
  expect(first.data.length).toBe(500)
  const second = await storage.tasks({ space: 'default', limit: 500, cursor: first.nextCursor ?? '' })
  expect(new Set([...ids(first), ...ids(second)]).size).toBe(1_000)
})

test.each<[string, () => Promise<{ data: { id: string }[] }>, string[]]>([
  ['failed tasks', () => storage.tasks({ state: 'failed' }), ['t08000', 't04000']],
  ['cancelled tasks', () => storage.tasks({ state: 'cancelled' }), []],
  ['queued tasks', () => storage.tasks({ state: 'queued' }), []],
  ['dead deliveries', () => storage.deliveries({ state: 'dead' }), ['d08000', 'd04000']],
  ['pending deliveries', () => storage.deliveries({ state: 'pending' }), []],
])('%s are found by an index, not by a walk', async (_, list, expected) => {
  expect(ids(await list())).toEqual(expected)
  expect(await turnsDuring(list)).toBeLessThanOrEqual(1)
})

test('a timeline finds its dedupe key among many in turns with others, or that there is none', async () => {
  expect((await storage.trace('m08999'))?.dedupe).toEqual({ scope: 'tg:1', key: '08999', at: 8_999 })
  expect((await storage.trace('m00001'))?.dedupe).toEqual({ scope: 'tg:1', key: '00001', at: 1 })
  expect((await storage.trace('m09000'))?.dedupe).toBeNull()
  expect(await turnsDuring(() => storage.trace('m09000'))).toBeGreaterThanOrEqual(4)
})

test('a task that took up more messages than a statement has room for is forgotten with all of them', async () => {
  const file = join(folder, 'absorbed.db')
  const open = () => openStorage(sqlite(file), { clock: systemClock, logger: silentLogger, hook: null })
  await (await open()).close()
  const database = await openSqlite(file)
  onTestFinished(() => database.close())
  const id = `printf('%05d', n)`
  const columns =
    'id, session_id, message_id, order_seq, state, agent, when_busy, context, into_task, attempt, crashes, alone'
  database.exec(`
    create temp table number as with recursive c(n) as (select 1 union all select n + 1 from c where n < 40000) select n from c;
    insert into session values ('s', 'tg:1:1:-', 1, 'helper', 'default', 40001, 0, 0, null);
    insert into message select 'm' || ${id}, 's', n, 't' || ${id}, '[]', null, n from number;
    insert into task (${columns}, input_tokens, output_tokens, created_at, ended_at)
      select 't' || ${id}, 's', 'm' || ${id}, n, iif(n = 1, 'done', 'absorbed'), 'helper', 'steer', '{}',
        iif(n = 1, null, 't00001'), 1, 0, 0, 0, 0, 0, 5 from number;
  `)
  const full = await open()
  onTestFinished(() => full.close())
  await full.forget('tasks', 10, null)
  const left = (table: string) => database.prepare(`select count(*) as rows from ${table}`).all([])
  expect([left('task'), left('message')]).toEqual([[{ rows: 0 }], [{ rows: 0 }]])
})
