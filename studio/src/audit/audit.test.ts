import { expect, test } from 'vitest'
import { openDatabase, type Database } from '../database/open.ts'
import { append } from './append.ts'
import { emptyHead, entryAfter } from './chain.ts'
import { csvLine } from './csv.ts'
import { type AuditLog, createAuditLog } from './log.ts'

interface Log {
  db: Database
  log: AuditLog
  write(target: string): Promise<void>
}

async function logOf(entries: number): Promise<Log> {
  const { db } = await openDatabase(':memory:')
  const write = (target: string) =>
    db.transaction().execute((trx) =>
      append(trx, {
        at: 1000,
        by: { id: 'u1', login: 'ann' },
        action: 'user.changed',
        target,
        detail: { role: ['viewer', 'editor'] },
      }),
    )
  for (let n = 1; n <= entries; n++) await write(`u${n}`)
  return { db, log: createAuditLog(db), write }
}

/** What nobody may do through Studio. */
async function tamper(db: Database, sql: string): Promise<void> {
  const { sql: raw } = await import('kysely')
  await raw.raw(sql).execute(db)
}

test('a log that nobody has touched is whole, and says where it ends', async () => {
  const { log } = await logOf(3)
  const verdict = await log.verify(null)
  expect(verdict).toMatchObject({ whole: true, head: { n: 3 }, fault: null })
})

/** As `append` writes them, many at once. */
async function fill(db: Database, entries: number): Promise<void> {
  let head = emptyHead
  const note = { at: 1000, actor: { id: 'u1', name: 'ann' }, action: 'user.changed', target: 'u', detail: null }
  const rows = Array.from({ length: entries }, () => {
    const { actor, prevHash: prev_hash, ...entry } = entryAfter(head, note)
    head = entry
    return { ...entry, actor: actor.id, actor_name: actor.name, prev_hash }
  })
  await db.insertInto('audit').values(rows).execute()
  await db.updateTable('audit_head').set({ n: head.n, hash: head.hash }).execute()
}

test('a log longer than one page is read to its end, and others have their turn meanwhile', async () => {
  const { db, log } = await logOf(0)
  await fill(db, 1_001)
  let turns = 0
  let isOver = false
  const turn = (): void => {
    turns++
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  expect(await log.verify(null)).toMatchObject({ whole: true, head: { n: 1_001 } })
  const whileVerified = turns
  let read = 0
  for await (const page of log.pages()) read += page.length
  isOver = true
  expect(read).toBe(1_001)
  expect(whileVerified).toBeGreaterThanOrEqual(2)
  expect(turns).toBeGreaterThanOrEqual(whileVerified + 2)
})

test.each([
  [
    'an edited entry',
    `update audit set detail = '{}' where n = 2`,
    { n: 2, detail: 'Entry 2 is not what was written.' },
  ],
  ['another name', `update audit set actor_name = 'bo' where n = 2`, { n: 2 }],
  ['an entry taken out', `delete from audit where n = 2`, { n: 2, detail: 'Entry 2 is gone.' }],
  ['entries cut from the end', `delete from audit where n > 1`, { n: 2, detail: expect.stringMatching(/gone from/) }],
  ['an end that was written anew', `update audit_head set n = 2`, { n: 3 }],
  ['a note of the end that is gone', `delete from audit_head`, { n: 3 }],
])('%s is found', async (_, sql, fault) => {
  const { db, log } = await logOf(3)
  await tamper(db, sql)
  expect(await log.verify(null)).toMatchObject({ whole: false, fault })
})

test('what is done after a tampering goes on, and does not hide it', async () => {
  const { db, log, write } = await logOf(3)
  await tamper(db, `delete from audit where n = 3`)
  await write('later')
  expect((await log.list({ limit: 1 })).data).toMatchObject([{ target: 'later' }])
  expect(await log.verify(null)).toMatchObject({ whole: false })
})

test('an entry that somebody put in at the end stays one, whatever is done after it', async () => {
  const { db, log, write } = await logOf(2)
  const { head } = await log.verify(null)
  const note = { at: 1, actor: { id: 'u1', name: 'ann' }, action: 'user.deleted', target: 'u2', detail: null }
  const { n, prevHash, hash } = entryAfter(head, note)
  await tamper(
    db,
    `insert into audit values (${n}, 1, 'u1', 'ann', 'user.deleted', 'u2', null, '${prevHash}', '${hash}')`,
  )
  await write('later')
  expect(await log.verify(null)).toMatchObject({ whole: false })
})

test('an end that points at an entry in the middle keeps nothing from being done', async () => {
  const { db, write } = await logOf(3)
  await tamper(db, `update audit_head set n = 9, hash = (select hash from audit where n = 1)`)
  await expect(write('later')).resolves.toBeUndefined()
})

test('a log that was written anew is told from the one that was noted', async () => {
  const { log } = await logOf(3)
  const noted = { n: 2, hash: 'f'.repeat(64) }
  expect(await log.verify(noted)).toMatchObject({ whole: false, fault: { n: 2 } })
})

test('an action that fails leaves no entry', async () => {
  const { db, log } = await logOf(1)
  const failing = db.transaction().execute(async (trx) => {
    await append(trx, { at: 1, by: { id: 'u1', login: 'ann' }, action: 'user.deleted', target: 'u2' })
    throw new Error('not done')
  })
  await expect(failing).rejects.toThrow('not done')
  expect((await log.list({ limit: 10 })).data).toHaveLength(1)
})

test('pages lead from the newest entry to the first', async () => {
  const { log } = await logOf(3)
  const first = await log.list({ limit: 2 })
  expect(first.data.map(({ n }) => n)).toEqual([3, 2])
  const second = await log.list({ limit: 2, cursor: Number(first.nextCursor) })
  expect({ n: second.data.map(({ n }) => n), nextCursor: second.nextCursor }).toEqual({ n: [1], nextCursor: null })
})

test.each(['=1+1', '+1', '-1', '@sum(a1)', '\t=1'])('%j is no formula in an export', (text) => {
  const entry = { n: 1, at: 0, actor: { id: 'u1', name: text }, action: 'a', target: 't', detail: null }
  expect(csvLine({ ...entry, prevHash: '0', hash: '1' })).toContain(`"'${text}"`)
})
