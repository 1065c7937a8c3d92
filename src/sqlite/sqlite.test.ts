import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockOwner, migrate, openSqlite, runtimeSet } from '@asyncv/migrations'
import { Kysely, sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import type { BackendOptions, OpenBackend } from '../backend.ts'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../logger.ts'
import { temporaryFolder } from './shared-commit.fixture.ts'
import { flushPoints } from './shared-commit.ts'
import { sqlite } from './sqlite.ts'

const options: BackendOptions = { clock: systemClock, logger: silentLogger, hook: null }

test('describing a storage opens nothing', () => {
  const folder = temporaryFolder()
  sqlite(join(folder, 'data', 'a.db'))
  expect(existsSync(join(folder, 'data'))).toBe(false)
})

test('a storage without a name for its file is refused', () => {
  expect(() => sqlite(' ')).toThrow(expect.objectContaining({ code: 'config_invalid' }))
})

test('opening makes the file, its folder and its tables', async () => {
  const file = join(temporaryFolder(), 'data', 'a.db')
  const { db } = await open(file)
  const { rows } = await sql`select version from schema_version where set_name = 'runtime'`.execute(db)
  expect(rows).toEqual([{ version: runtimeSet.migrations.length }])
})

test('opening says which migrations it applied', async () => {
  const lines: unknown[] = []
  const logger = { ...silentLogger, info: (fields: object, message: string) => lines.push({ ...fields, message }) }
  const file = join(temporaryFolder(), 'a.db')
  await open(file, { ...options, logger })
  const applied = runtimeSet.migrations.map(({ version, name }) => `${version}-${name}`)
  expect(lines).toMatchObject([{ file, message: 'database migrated', applied }])
})

test('a file has one owner, who can be found', async () => {
  const file = join(temporaryFolder(), 'a.db')
  const { backend } = await open(file)
  backend.announce({ url: 'http://127.0.0.1:7400' })
  await expect(sqlite(file).open(options)).rejects.toMatchObject({
    name: 'AsyncvError',
    code: 'storage_in_use',
    message: expect.stringContaining(`process ${process.pid} (http://127.0.0.1:7400)`),
    hint: expect.stringContaining('One process owns a SQLite file'),
  })
})

test('closing writes what is under way and gives the file free', async () => {
  const file = join(temporaryFolder(), 'a.db')
  const { backend, db } = await open(file)
  const written = insertState(db, 'offset')
  await new Promise<void>((resolve) => process.nextTick(resolve))
  await backend.close()
  await written
  const again = await open(file)
  const { rows } = await sql`select key from connector_state`.execute(again.db)
  expect(rows).toEqual([{ key: 'offset' }])
})

test('closing gives the file free when it was never used, and may be asked for twice', async () => {
  const file = join(temporaryFolder(), 'a.db')
  const { backend } = await open(file)
  await backend.close()
  await backend.close()
  ;(await lockOwner(file)).release()
  // SQLite takes the log away when the last connection goes.
  expect(existsSync(`${file}-wal`)).toBe(false)
})

test('a file that is no database is refused, left as it is, and held by nobody', async () => {
  const file = join(temporaryFolder(), 'a.db')
  const text = 'certainly not a database '.repeat(50)
  writeFileSync(file, text)
  await expect(sqlite(file).open(options)).rejects.toMatchObject({ name: 'AsyncvError', code: 'storage_unreadable' })
  expect(readFileSync(file, 'utf8')).toBe(text)
  ;(await lockOwner(file)).release()
})

test('a database of a newer version is refused and held by nobody', async () => {
  const file = join(temporaryFolder(), 'a.db')
  const connection = await openSqlite(file)
  migrate(connection, runtimeSet)
  connection.exec('update schema_version set version = version + 1')
  connection.close()
  await expect(sqlite(file).open(options)).rejects.toMatchObject({ name: 'AsyncvError', code: 'storage_newer' })
  ;(await lockOwner(file)).release()
})

test('a path that is a folder is refused by name', async () => {
  const file = join(temporaryFolder(), 'a.db')
  mkdirSync(file)
  await expect(sqlite(file).open(options)).rejects.toMatchObject({
    name: 'AsyncvError',
    code: 'storage_unreadable',
    message: expect.stringContaining(file),
  })
})

test('a hook is called at every point of a flush', async () => {
  const points: string[] = []
  const { db } = await open(join(temporaryFolder(), 'a.db'), { ...options, hook: (point) => points.push(point) })
  await insertState(db, 'offset')
  expect(points).toEqual(flushPoints)
})

test('commits and the transactions they carried are counted', async () => {
  const { backend, db } = await open(join(temporaryFolder(), 'a.db'))
  await Promise.all(['a', 'b', 'c'].map((key) => insertState(db, key)))
  expect(backend.commits()).toEqual({ commits: 1, riders: 3 })
})

test('":memory:" works with one connection and leaves no file', async () => {
  const { db } = await open(':memory:')
  await insertState(db, 'offset')
  expect(await db.selectFrom('connector_state').select('key').execute()).toEqual([{ key: 'offset' }])
  expect(existsSync(':memory:.owner')).toBe(false)
})

test('commits are synced to disk, and savepoints spill to no file', async () => {
  const { db } = await open(join(temporaryFolder(), 'a.db'))
  const full = 2
  const memory = 2
  const writer = await sql`pragma synchronous`.execute(db)
  const temporary = await sql`pragma temp_store`.execute(db)
  const journal = await sql`pragma journal_mode`.execute(db)
  expect([writer.rows, temporary.rows, journal.rows]).toEqual([
    [{ synchronous: full }],
    [{ temp_store: memory }],
    [{ journal_mode: 'wal' }],
  ])
})

test('the event loop never stands still for another program’s lock', async () => {
  const { db } = await open(join(temporaryFolder(), 'a.db'))
  expect((await sql`pragma busy_timeout`.execute(db)).rows).toEqual([{ timeout: 0 }])
})

interface Tables {
  connector_state: { account: string; key: string; value: string; updated_at: number }
}

async function open(file: string, chosen = options): Promise<{ backend: OpenBackend; db: Kysely<Tables> }> {
  const backend = await sqlite(file).open(chosen)
  onTestFinished(() => backend.close())
  return { backend, db: new Kysely<Tables>({ dialect: backend.dialect }) }
}

async function insertState(db: Kysely<Tables>, key: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('connector_state').values({ account: 'a', key, value: '', updated_at: 0 }).execute()
  })
}
