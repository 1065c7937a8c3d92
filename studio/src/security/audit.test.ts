import { afterAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import { append } from '../audit/append.ts'
import { csvLine } from '../audit/csv.ts'
import { createAuditLog } from '../audit/log.ts'
import { type Database, openDatabase } from '../database/open.ts'

const entries = 40
const { db, close } = await openDatabase(':memory:')
const log = createAuditLog(db)
for (let n = 1; n <= entries; n++) {
  await db.transaction().execute((trx) =>
    append(trx, {
      at: 1_000 + n,
      by: { id: `u${n % 3}`, login: ['ann', 'bo', 'cy'][n % 3] ?? '' },
      action: n % 2 === 0 ? 'user.changed' : 'item.saved',
      target: `t${n}`,
      detail: { n },
    }),
  )
}
afterAll(() => close())

async function run(statements: string, of: Database = db): Promise<void> {
  for (const statement of statements.split(';')) await sql.raw(statement).execute(of)
}

await run(
  'create table audit_as_it_was as select * from audit; create table head_as_it_was as select * from audit_head',
)
const restore = () =>
  run(
    'delete from audit; insert into audit select * from audit_as_it_was; delete from audit_head; insert into audit_head select * from head_as_it_was',
  )

type Tampering = (at: number, of: Database) => Promise<unknown>
const raw =
  (text: string): Tampering =>
  (n, of) =>
    run(text.replaceAll(':n', String(n)), of)
const kinds: [name: string, tampering: Tampering][] = [
  ['another time', raw('update audit set at = at + 1 where n = :n')],
  ['another actor', raw(`update audit set actor = 'x' where n = :n`)],
  ['another name', raw(`update audit set actor_name = 'x' where n = :n`)],
  ['another action', raw(`update audit set action = 'user.deleted' where n = :n`)],
  ['another target', raw(`update audit set target = 'x' where n = :n`)],
  ['another detail', raw(`update audit set detail = '{}' where n = :n`)],
  ['no detail', raw('update audit set detail = null where n = :n')],
  ['another hash', raw(`update audit set hash = '${'0'.repeat(64)}' where n = :n`)],
  ['an entry taken out', raw('delete from audit where n = :n')],
  [
    'an entry taken out, and the others moved up',
    raw('delete from audit where n = :n; update audit set n = n - 1 where n > :n'),
  ],
  ['an entry moved to the end', raw(`update audit set n = ${entries + 1} where n = :n`)],
  ['the end cut off', raw('delete from audit where n >= :n')],
  [
    'an entry put in before the first',
    raw(
      `insert into audit select -:n, at, actor, actor_name, action, target, detail, 'x' || n, hash from audit where n = :n`,
    ),
  ],
  [
    'an entry put in at zero',
    raw(
      `insert into audit select 0, at, actor, actor_name, action, target, detail, 'x' || n, hash from audit where n = :n`,
    ),
  ],
  [
    'an entry put in behind the last',
    raw(
      `insert into audit select ${entries} + :n, at, actor, actor_name, action, target, detail, 'x' || n, hash from audit where n = :n`,
    ),
  ],
  [
    'an entry put in where no number reaches',
    raw(
      `insert into audit select 9007199254740993 + :n, at, actor, actor_name, action, target, detail, 'x' || n, hash from audit where n = :n`,
    ),
  ],
  ['a time that is no number here', raw('update audit set at = 9223372036854775807 where n = :n')],
  [
    'two entries that changed places',
    async (n, of) => {
      const other = (n % entries) + 1
      for (const [from, to] of [
        [n, 1_000],
        [other, n],
        [1_000, other],
      ])
        await sql.raw(`update audit set n = ${to} where n = ${from}`).execute(of)
    },
  ],
  [
    'what two entries say exchanged',
    async (n, of) => {
      const other = (n % entries) + 1
      await sql
        .raw(`update audit set (target, detail) = (select target, detail from audit where n = ${other}) where n = ${n}`)
        .execute(of)
    },
  ],
  ['another end noted', raw('update audit_head set n = n - 1')],
]

const trials = kinds.flatMap(([name, tampering]) =>
  Array.from({ length: 10 }, (_, n) => ({ name, tampering, at: 1 + n * 4 })),
)

test('of two hundred tamperings, each is found', async () => {
  expect(trials).toHaveLength(200)
  expect(await log.verify(null)).toMatchObject({ whole: true, head: { n: entries } })
  const missed: string[] = []
  for (const { name, tampering, at } of trials) {
    await tampering(at, db)
    const verdict = await log.verify(null).catch((error: Error) => ({ whole: `fails: ${error.message}` }))
    if (verdict.whole !== false) missed.push(`${name} at ${at}: ${verdict.whole}`)
    await restore()
  }
  expect(missed).toEqual([])
  expect(await log.verify(null)).toMatchObject({ whole: true, head: { n: entries } })
})

test('a log that was written anew from the end on is told by a head that was noted', async () => {
  const noted = (await log.verify(null)).head
  await sql`delete from audit where n = ${entries}`.execute(db)
  await sql`update audit_head set n = ${entries - 1}, hash = (select hash from audit where n = ${entries - 1})`.execute(
    db,
  )
  expect(await log.verify(noted)).toMatchObject({ whole: false })
  await restore()
})

test.each([
  '=cmd|1',
  '+1',
  '-1',
  '@sum(a1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1+1',
  '＋1',
  '－1',
  '＠sum(a1)',
  ' =1+1',
  '\u00a0=1',
  '\ufeff=1',
  '"=1',
])('%j is no formula in an export', (text) => {
  const entry = { n: 1, at: 0, actor: { id: 'u1', name: text }, action: 'a', target: text, detail: text }
  const line = csvLine({ ...entry, prevHash: '0', hash: '1' })
  const cells = line.slice(1, -3).split('","')
  for (const cell of [cells[3], cells[5], cells[6]]) expect(cell?.replaceAll('""', '"')).toMatch(/^(['"])/)
})
