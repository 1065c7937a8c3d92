import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '@asyncv/migrations'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createAsyncv } from './asyncv.ts'
import type { AuditHead, AuditVerdict } from './audit.ts'
import { entryAfter, hashOf } from './audit-chain.ts'
import { AuditLog } from './audit-log.ts'
import type { AuditStore } from './audit-store.ts'
import { systemClock } from './clock.ts'
import { KeyRing } from './keys.ts'
import type { AuditRow } from './kysely/schema.ts'
import { openStorage } from './kysely/storage.ts'
import { silentLogger } from './logger.ts'
import { openAudit } from './open-audit.ts'
import { openKeys } from './open-keys.ts'
import { sqlite } from './sqlite/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'asyncv-audit-'))
const original = join(folder, 'original.db')
/** How many entries the log has that is manipulated. */
const size = 30
let head: AuditHead

beforeAll(async () => {
  const keys = await openKeys(sqlite(original))
  for (let n = 1; n <= size / 2; n++) {
    const { id } = await keys.create({ name: `key ${n}` }, { id: 'command', name: n % 3 === 0 ? null : `ann ${n}` })
    await keys.revoke(id, { id: 'operator', name: null })
  }
  await keys.close()
  const whole = await verify(original)
  expect(whole).toMatchObject({ whole: true, entries: size, fault: null })
  head = whole.head
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Connection = Awaited<ReturnType<typeof openSqlite>>

async function verify(file: string, expected?: AuditHead): Promise<AuditVerdict> {
  const audit = await openAudit(sqlite(file))
  try {
    return await audit.verify(expected === undefined ? {} : { head: expected })
  } finally {
    await audit.close()
  }
}

/** A copy of the database, changed behind the back of asyncv. */
async function changed(change: (database: Connection) => void): Promise<string> {
  const file = join(folder, `changed-${Math.random()}.db`)
  cpSync(original, file)
  const database = await openSqlite(file)
  change(database)
  database.close()
  onTestFinished(() => rmSync(file))
  return file
}

/** Numbers that look random and are the same each time: mulberry32. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

function rowsOf(database: Connection): AuditRow[] {
  return database.prepare(`select n, ${columns} from audit order by n`).all([]) as unknown as AuditRow[]
}

function entryOf(row: AuditRow): Parameters<typeof hashOf>[0] {
  const { n, at, actor, actor_name: name, action, target, before_hash, after_hash, prev_hash } = row
  const hashes = { beforeHash: before_hash, afterHash: after_hash, prevHash: prev_hash }
  return { n, at, actor: { id: actor, name }, action, target, ...hashes }
}

type Manipulation = (database: Connection, below: (limit: number) => number) => void

const texts = ['actor', 'actor_name', 'action', 'target', 'before_hash', 'after_hash', 'prev_hash', 'hash'] as const
const columns = 'at, actor, actor_name, action, target, before_hash, after_hash, prev_hash, hash'

const manipulations: Record<string, Manipulation> = {
  'an edited text': (database, below) => {
    const column = texts[below(texts.length)] ?? 'actor'
    const nullable = column === 'actor_name' || column === 'before_hash' || column === 'after_hash'
    const value =
      nullable && below(2) === 0 ? `case when ${column} is null then '' end` : `coalesce(${column}, '') || 'x'`
    database.exec(`update audit set ${column} = ${value} where n = ${1 + below(size)}`)
  },
  'an edited number': (database, below) => {
    const [column, by] = below(2) === 0 ? ['at', 1] : ['n', 1_000 * (below(2) === 0 ? 1 : -1)]
    database.exec(`update audit set ${column} = ${column} + ${by} where n = ${1 + below(size)}`)
  },
  'an edited row with its hash made anew': (database, below) => {
    const n = 1 + below(size)
    const { actor: _, actor_name: __, ...row } = rowsOf(database)[n - 1] as AuditRow
    const hash = hashOf(entryOf({ ...row, actor: 'program', actor_name: null }))
    database.exec(`update audit set actor = 'program', actor_name = null, hash = '${hash}' where n = ${n}`)
  },
  'a removed row': (database, below) => database.exec(`delete from audit where n = ${1 + below(size)}`),
  'a removed row, the later ones moved up': (database, below) => {
    const n = 1 + below(size - 1)
    database.exec(`delete from audit where n = ${n}`)
    for (let later = n + 1; later <= size; later++) database.exec(`update audit set n = n - 1 where n = ${later}`)
    database.exec(`update audit_head set n = n - 1`)
  },
  'two swapped rows': (database, below) => {
    const one = 1 + below(size)
    const other = 1 + ((one + below(size - 1)) % size)
    database.exec(`update audit set n = -1 where n = ${one}`)
    database.exec(`update audit set n = ${one} where n = ${other}`)
    database.exec(`update audit set n = ${other} where n = -1`)
  },
  'an inserted row': (database, below) => {
    const n = 1 + below(size + 1)
    for (let later = size; later >= n; later--) database.exec(`update audit set n = n + 1 where n = ${later}`)
    database.exec(
      `insert into audit (n, ${columns}) values (${n}, 1, 'operator', null, 'key.created', 'k', null, 'a', 'b${n}', 'c')`,
    )
    if (below(2) === 0) database.exec(`update audit_head set n = n + 1`)
  },
  'a removed tail': (database, below) => database.exec(`delete from audit where n > ${below(size)}`),
  'a removed tail, the note of the end changed with it': (database, below) => {
    const last = below(size)
    database.exec(`delete from audit where n > ${last}`)
    database.exec(
      `update audit_head set n = ${last}, hash = coalesce((select hash from audit where n = ${last}), '${'0'.repeat(64)}')`,
    )
  },
  'a log written anew from some row on': (database, below) => {
    const rows = rowsOf(database)
    const from = 1 + below(size)
    database.exec(`delete from audit where n >= ${from}`)
    let prevHash = rows[from - 2]?.hash ?? '0'.repeat(64)
    for (const row of rows.slice(from - 1)) {
      const anew = { ...row, actor: 'program', actor_name: null, prev_hash: prevHash }
      prevHash = hashOf(entryOf(anew))
      database
        .prepare(`insert into audit (n, ${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
        .run(Object.values({ ...anew, hash: prevHash }))
    }
    database.exec(`update audit_head set hash = '${prevHash}'`)
  },
}
/** Those that leave a log that is whole: nothing but a head that was noted elsewhere tells. */
const needHead = ['a removed tail, the note of the end changed with it', 'a log written anew from some row on']

const perKind = 200 / Object.keys(manipulations).length

test.each(Object.entries(manipulations))(
  `finds ${perKind} of ${perKind}: %s`,
  { timeout: 60_000 },
  async (kind, by) => {
    const below = numbers(kind.length)
    const missed: number[] = []
    for (let at = 1; at <= perKind; at++) {
      const file = await changed((database) => by(database, below))
      const verdict = await verify(file, needHead.includes(kind) ? head : undefined)
      if (verdict.whole || verdict.fault === null) missed.push(at)
    }
    expect(missed).toEqual([])
  },
)

test.each(needHead)('without a head that was noted elsewhere nobody can find %s', async (kind) => {
  const file = await changed((database) => manipulations[kind]?.(database, numbers(1)))
  expect(await verify(file)).toMatchObject({ whole: true })
})

test.each([
  ['edited', 7, `update audit set actor = 'program' where n = 7`],
  ['unlinked', 7, `update audit set prev_hash = 'x' where n = 7`],
  ['unlinked', 0, `update audit set n = 0 where n = 1`],
  ['missing', 7, `delete from audit where n in (7, 8)`],
  ['missing', 1, `delete from audit where n = 1`],
  ['cut', 29, `delete from audit where n > 28`],
  ['cut', 1, `delete from audit`],
  ['appended', 30, `update audit_head set n = 29, hash = (select hash from audit where n = 29)`],
  ['head', 30, `update audit_head set hash = 'x'`],
  ['head', 30, `delete from audit_head`],
])('says how and where: %s at %i after "%s"', async (kind, n, statement) => {
  const verdict = await verify(await changed((database) => database.exec(statement)))
  expect(verdict).toMatchObject({ whole: false, fault: { kind, n, detail: expect.stringMatching(/^[A-Z].*\.$/) } })
})

test('goes on after a manipulation, and hides nothing of it', async () => {
  for (const [kind, statement] of [
    ['cut', 'delete from audit where n > 28'],
    ['appended', `update audit_head set n = 29, hash = (select hash from audit where n = 29)`],
    ['head', 'delete from audit_head'],
  ]) {
    const file = await changed((database) => database.exec(String(statement)))
    const keys = await openKeys(sqlite(file))
    await keys.create({ name: 'later' })
    await keys.create({ name: 'and later' })
    await keys.close()
    expect((await verify(file)).fault?.kind).toBe(kind === 'cut' ? 'missing' : kind)
  }
})

test('a head noted earlier stays good while the log grows, and a later one shows that entries are gone', async () => {
  const file = await changed(() => {})
  const keys = await openKeys(sqlite(file))
  await keys.create({ name: 'later' })
  await keys.close()
  const grown = await verify(file, head)
  expect(grown).toMatchObject({ whole: true, entries: size + 1 })
  expect(await verify(original, grown.head)).toMatchObject({ whole: false, fault: { kind: 'cut', n: size + 1 } })
})

test('looks at a log that grows meanwhile without a false alarm', async () => {
  const file = await changed(() => {})
  const storage = await openStorage(sqlite(file), { clock: systemClock, logger: silentLogger, hook: null })
  const keys = new KeyRing(() => storage, systemClock)
  let grown = 0
  const growing: AuditStore = {
    ...storage,
    async auditAfter(after) {
      const entries = await storage.auditAfter(after)
      // Just when it has been read to its end.
      if (entries.length === 0 && grown++ < 3) await keys.create({ name: `key ${grown}` })
      return entries
    },
  }
  expect(await new AuditLog(() => growing).verify()).toMatchObject({ whole: true, entries: size + 3 })
  await storage.close()
})

test('others have their turn while a long log is looked at', async () => {
  const file = await changed((database) => {
    const { n, hash } = head
    const insert = database.prepare('insert into audit values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    database.exec('begin')
    const end = Array.from({ length: 5_000 }).reduce<AuditHead>(
      (before) => {
        const note = { at: 1, actor: { id: 'operator', name: null }, action: 'key.created', target: 'k' }
        const entry = entryAfter(before, { ...note, beforeHash: null, afterHash: null })
        const { at, action, target, prevHash } = entry
        insert.run([entry.n, at, 'operator', null, action, target, null, null, prevHash, entry.hash])
        return entry
      },
      { n, hash },
    )
    database.prepare('update audit_head set n = ?, hash = ?').run([end.n, end.hash])
    database.exec('commit')
  })
  let turns = 0
  const others = setInterval(() => turns++, 0)
  expect(await verify(file)).toMatchObject({ whole: true, entries: size + 5_000 })
  clearInterval(others)
  expect(turns).toBeGreaterThan(5)
})

test.each([
  [
    'the note names a hash that has a follower',
    'update audit_head set hash = (select prev_hash from audit where n = 5)',
  ],
  ['the last entry names one', 'update audit set hash = (select prev_hash from audit where n = 5) where n = 30'],
  ['the note is beyond all numbers', 'update audit_head set n = 9223372036854775807'],
  ['an entry is beyond all numbers', 'update audit set n = 9223372036854775807 where n = 30'],
])('no manipulation keeps a key from being revoked: %s', async (_, statement) => {
  const file = await changed((database) => database.exec(statement))
  const keys = await openKeys(sqlite(file))
  for (const name of ['one', 'two']) await keys.revoke((await keys.create({ name })).id)
  await keys.close()
  expect(await verify(file)).toMatchObject({ whole: false })
})

test('a program is written down as itself, or as whom it names', async () => {
  const asyncv = createAsyncv({ storage: sqlite(':memory:'), agents: [{ name: 'a', model: 'offline/demo' }] })
  await asyncv.start()
  const { id } = await asyncv.keys.create({ name: 'reports' })
  await asyncv.keys.revoke(id, { id: 'user:42', name: 'Ann' })
  const { task } = await asyncv.send({ agent: 'a', text: 'hi' })
  await asyncv.cancel(task)
  expect((await asyncv.audit.list()).data).toMatchObject([
    { n: 2, actor: { id: 'user:42', name: 'Ann' }, action: 'key.revoked', target: id },
    { n: 1, actor: { id: 'program', name: null }, action: 'key.created', target: id },
  ])
  await expect(asyncv.audit.list({ action: 'key.made' })).rejects.toMatchObject({ code: 'input_invalid' })
  for (const wrong of [
    { n: 1, hash: 'x' },
    { n: 0, hash: 'a'.repeat(64) },
  ]) {
    await expect(asyncv.audit.verify({ head: wrong })).rejects.toMatchObject({ code: 'input_invalid' })
  }
  await asyncv.stop({ drainMs: 0 })
})
