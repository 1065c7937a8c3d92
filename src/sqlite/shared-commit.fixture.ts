/** A database on disk for the tests of this folder, through each driver that this Node has. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite, type SqliteConnection, type SqliteDriverName } from '@asyncv/migrations'
import { type Dialect, Kysely, type Transaction } from 'kysely'
import { describe, onTestFinished } from 'vitest'
import { systemClock } from '../clock.ts'
import { Database } from '../kysely/database.ts'
import { committed, transaction } from './connection.ts'
import { sharedCommitDialect } from './dialect.ts'
import { SharedCommit, type SharedCommitOptions } from './shared-commit.ts'
import { Statements } from './statements.ts'

interface Tables {
  item: { id: number; body: string | number | boolean | Date | null }
  /** Every item gets one in the same transaction: an item without is half a transaction. */
  mark: { item: number }
}

/** Runs a suite with every driver; one that this Node does not have is left out, and the title says why. */
export function describeWithEachDriver(subject: string, tests: (driver: SqliteDriverName) => void): void {
  for (const { driver, problem } of drivers) {
    const title = problem === null ? `with ${driver}` : `with ${driver} LEFT OUT: ${problem}`
    describe.skipIf(problem !== null)(`${subject}, ${title}`, () => tests(driver))
  }
}

/**
 * How a transaction gets to the driver: as Kysely's own, or past it, as the storage's do. What holds for one has to hold
 * for the other.
 */
type Door = 'kysely' | 'storage'

/** The same suite with every driver, through both doors. */
export function describeThroughEachDoor(
  subject: string,
  tests: (through: { driver: SqliteDriverName; door: Door }) => void,
): void {
  for (const door of ['kysely', 'storage'] as const) {
    describeWithEachDriver(`${subject}, through ${door}`, (driver) => tests({ driver, door }))
  }
}

const drivers = await Promise.all([tryDriver('better-sqlite3'), tryDriver('node:sqlite')])

export interface TestDatabase {
  file: string
  db: Kysely<Tables>
  shared: SharedCommit
  writer: SqliteConnection
  /** Item ids on disk, as another process would see them. */
  stored(): number[]
  /** One transaction that writes an item and its mark. */
  write(id: number): Promise<void>
}

export interface TestDatabaseOptions extends Partial<SharedCommitOptions> {
  driver: SqliteDriverName
  /** Default: `kysely`. */
  door?: Door
  connections?: 'two' | 'one'
  /** Where the file goes. Default: a new temporary folder. */
  folder?: string
  /** Stands between the driver and its writing connection, to make statements fail. */
  tamper?: (writer: SqliteConnection) => SqliteConnection
}

export async function openTestDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const { driver, connections = 'two', folder = temporaryFolder(), tamper = (writer) => writer } = options
  const file = join(folder, 'test.db')
  const writer = await openSqlite(file, { driver, busyTimeoutMs: 0 })
  writer.exec('create table if not exists item (id integer primary key, body)')
  writer.exec('create table if not exists mark (item integer primary key)')
  const observer = await openSqlite(file, { driver, readonly: true })
  const reading = connections === 'two' ? await openSqlite(file, { driver, readonly: true }) : null
  const reader = reading === null ? null : new Statements(reading)
  const { clock = systemClock, hook = null } = options
  const shared = new SharedCommit(tamper(writer), { clock, hook })
  const dialect = sharedCommitDialect(shared, reader)
  const db = options.door === 'storage' ? pastKysely(dialect, shared, reader) : new Kysely<Tables>({ dialect })
  onTestFinished(async () => {
    await shared.close()
    for (const connection of [observer, reading, writer]) connection?.close()
  })
  return {
    file,
    db,
    shared,
    writer,
    stored: () =>
      observer
        .prepare('select id from item order by id')
        .all([])
        .map(({ id }) => Number(id)),
    write: (id) =>
      db.transaction().execute(async (trx) => {
        await trx
          .insertInto('item')
          .values({ id, body: `body ${id}` })
          .execute()
        await trx.insertInto('mark').values({ item: id }).execute()
      }),
  }
}

/** A Kysely whose transactions take the storage's way. */
function pastKysely(dialect: Dialect, shared: SharedCommit, reader: Statements | null): Kysely<Tables> {
  const db = new Database({
    dialect,
    transaction: (work) => transaction(shared, work),
    committed: committed(shared, reader),
  })
  const execute = <Result>(work: (trx: Transaction<Tables>) => Promise<Result>): Promise<Result> =>
    // The tables of these tests are not the storage's.
    db.transact((executor) => work(db.inside(executor) as unknown as Transaction<Tables>))
  return Object.assign(db, { transaction: () => ({ execute }) }) as unknown as Kysely<Tables>
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Numbers from 1 to `last`. */
export function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}

/** Makes chosen statements of a connection fail, before or instead of running them. */
export function failing(fail: (sql: string) => void): (connection: SqliteConnection) => SqliteConnection {
  return (connection) => ({
    ...connection,
    get inTransaction() {
      return connection.inTransaction
    },
    exec(sql) {
      fail(sql)
      connection.exec(sql)
    },
    prepare(sql) {
      const statement = connection.prepare(sql)
      return {
        ...statement,
        run(parameters) {
          fail(sql)
          return statement.run(parameters)
        },
      }
    },
  })
}

async function tryDriver(driver: SqliteDriverName): Promise<{ driver: SqliteDriverName; problem: string | null }> {
  try {
    ;(await openSqlite(':memory:', { driver })).close()
    return { driver, problem: null }
  } catch (error) {
    const problem = `Node ${process.versions.node} cannot load it (${String(error).split('\n')[0]})`
    console.warn(`${driver} LEFT OUT: ${problem}`)
    return { driver, problem }
  }
}
