import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkDowns } from './check.ts'
import { migrate } from './migrate.ts'
import { runtimeSet } from './runtime/index.ts'
import { readSchema, readTables } from './schema.ts'
import { latestVersion, type MigrationSet } from './set.ts'
import { openSqlite } from './sqlite/open.ts'
import { readStatus } from './status.ts'
import { studioSet } from './studio/index.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-migrate-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = (): string => join(folder, 'a.db')

/** A set that grows by a table, and then by another. */
const twoSteps: MigrationSet = {
  name: 'test',
  migrations: [
    { version: 1, name: 'one', up: { sqlite: ['create table one (id text)'] }, down: { sqlite: ['drop table one'] } },
    {
      version: 2,
      name: 'two',
      up: {
        sqlite: [
          'create table two (id text)',
          'create index two_id on two (id)',
          'alter table one add column more text',
        ],
      },
      down: { sqlite: ['drop table two', 'alter table one drop column more'] },
    },
  ],
  sampleData: { sqlite: [`insert into one values ('a', 'b')`, `insert into two values ('c')`] },
}

test('goes up to the latest version, and down again', async () => {
  const connection = await openSqlite(file())
  expect(migrate(connection, twoSteps)).toMatchObject({ from: 0, to: 2, applied: ['1-one', '2-two'] })
  expect(migrate(connection, twoSteps, { to: 1 })).toMatchObject({ from: 2, to: 1, applied: ['2-two'] })
  expect(readStatus(connection, twoSteps)).toMatchObject({ version: 1, pending: ['2-two'] })
  connection.close()
})

test('does nothing to a database that is there already', async () => {
  const connection = await openSqlite(file())
  migrate(connection, twoSteps)
  expect(migrate(connection, twoSteps).applied).toEqual([])
  connection.close()
})

test('killed at any statement, it leaves the version before or the one after', async () => {
  const statements = twoSteps.migrations.flatMap(({ up }) => up.sqlite)
  for (const killAt of statements.keys()) {
    const path = join(folder, `kill-${killAt}.db`)
    const { signal } = spawnSync(
      process.execPath,
      [
        '-C',
        '@asyncv/source',
        '--import',
        'tsx',
        join(import.meta.dirname, 'killed-migration.fixture.ts'),
        path,
        String(killAt),
      ],
      { input: JSON.stringify(twoSteps) },
    )
    expect(signal).toBe('SIGKILL')
    const connection = await openSqlite(path)
    const { version } = readStatus(connection, twoSteps)
    const complete = await openSqlite(':memory:')
    migrate(complete, twoSteps, { to: version })
    expect(readSchema(connection)).toEqual(readSchema(complete))
    connection.close()
    complete.close()
  }
}, 30_000)

test('a newer database is refused, and its file is not touched', async () => {
  const connection = await openSqlite(file())
  migrate(connection, twoSteps)
  connection.close()
  const before = readFileSync(file())
  const reopened = await openSqlite(file())
  const older = { ...twoSteps, migrations: twoSteps.migrations.slice(0, 1) }
  expect(() => migrate(reopened, older)).toThrow(/at version 2 of "test"; this program knows 1/)
  reopened.close()
  expect(readFileSync(file()).equals(before)).toBe(true)
})

test('a released migration that was edited is refused', async () => {
  const connection = await openSqlite(file())
  migrate(connection, twoSteps, { to: 1 })
  const [first, ...rest] = twoSteps.migrations
  if (first === undefined) throw new Error('no first migration')
  const edited = { ...twoSteps, migrations: [{ ...first, up: { sqlite: ['create table one (id integer)'] } }, ...rest] }
  expect(() => migrate(connection, edited)).toThrow(/other statements/)
  connection.close()
})

test('a database of something else, or of another set, is refused and not touched', async () => {
  const other = await openSqlite(file())
  other.exec('create table bookmark (url text)')
  expect(() => migrate(other, twoSteps)).toThrow(/is not the one of "test": it has a table "bookmark"/)
  expect(readTables(other)).toEqual(['bookmark'])
  other.close()
  const studio = await openSqlite(join(folder, 'studio.db'))
  migrate(studio, studioSet)
  const before = readSchema(studio)
  expect(() => migrate(studio, runtimeSet)).toThrow(/is not the one of "runtime": it is the one of "studio"\./)
  expect(readSchema(studio)).toEqual(before)
  studio.close()
})

test('check finds a way down that does not lead back', async () => {
  expect((await checkDowns(twoSteps)).every(({ ok }) => ok)).toBe(true)
  const [first, second] = twoSteps.migrations
  if (first === undefined || second === undefined) throw new Error('no second migration')
  const sloppy = { ...twoSteps, migrations: [first, { ...second, down: { sqlite: ['drop table two'] } }] }
  await expect(checkDowns(sloppy)).rejects.toThrow(/duplicate column name/)
})

const sets = [runtimeSet, studioSet].map((set) => [set.name, set] as const)

test.each(sets)('every way down of %s leads back, on sample data', async (_, set) => {
  expect(await checkDowns(set)).toEqual(
    [...set.migrations].reverse().map(({ version, name }) => ({ version, name, ok: true, differences: [] })),
  )
})

test.each(sets)('the sample data of %s fills every table', async (_, set) => {
  const connection = await openSqlite(':memory:')
  migrate(connection, set)
  for (const statement of set.sampleData.sqlite) connection.exec(statement)
  for (const table of readTables(connection)) {
    expect(connection.prepare(`select count(*) as n from "${table}"`).all([])[0], table).not.toEqual({ n: 0 })
  }
  connection.close()
})

test.each(sets)('versions of %s have no gaps', (_, set) => {
  expect(set.migrations.map(({ version }) => version)).toEqual(
    Array.from({ length: latestVersion(set) }, (_, index) => index + 1),
  )
})

test('a file that is no database is refused in words', async () => {
  writeFileSync(file(), 'this is a letter, not a database, and long enough to tell')
  await expect(openSqlite(file())).rejects.toMatchObject({
    code: 'storage_unreadable',
    message: expect.stringContaining(file()),
  })
})

test('a folder in place of the file is refused in words', async () => {
  await expect(openSqlite(folder)).rejects.toMatchObject({ code: 'storage_unreadable' })
})
