import { checksum } from './checksum.ts'
import { readTables } from './schema.ts'
import { latestVersion, type MigrationSet } from './set.ts'
import type { SqliteConnection } from './sqlite/connection.ts'
import { readStatus, setIn } from './status.ts'
import { StorageError } from './storage-error.ts'

export interface MigrateOptions {
  /** The version to go to, up or down. Default: the latest. */
  to?: number
}

export interface MigrationResult {
  from: number
  to: number
  /** What was applied or taken back, in that order. */
  applied: string[]
}

/**
 * Brings a database to a version. Each migration is one transaction with the row that says so: a process that is killed
 * at any statement leaves the version before or the version after. Throws `StorageError` and changes nothing when the
 * database is newer, was migrated by edited files, or has tables of something else.
 */
export function migrate(
  connection: SqliteConnection,
  set: MigrationSet,
  options: MigrateOptions = {},
): MigrationResult {
  const to = options.to ?? latestVersion(set)
  if (!Number.isInteger(to) || to < 0 || to > latestVersion(set)) {
    throw new StorageError(
      'storage_changed',
      `There is no version ${to} of "${set.name}".`,
      `Give one from 0 to ${latestVersion(set)}.`,
    )
  }
  const from = readStatus(connection, set).version
  const applied: string[] = []
  for (let version = from; version !== to; version = step(connection, set, to, applied));
  return { from, to, applied }
}

/** One version nearer to `to`; resolves the version it reached, which another process may have reached first. */
function step(connection: SqliteConnection, set: MigrationSet, to: number, applied: string[]): number {
  connection.exec('begin immediate')
  try {
    // Read again under the lock: whoever waited for it must not apply what was applied meanwhile.
    const { version } = readStatus(connection, set)
    if (version === to) {
      connection.exec('rollback')
      return version
    }
    const up = version < to
    if (up && version === 0) checkEmpty(connection, set)
    const migration = set.migrations[up ? version : version - 1]
    if (migration === undefined) throw new Error(`The set "${set.name}" has a gap at version ${version}.`)
    const reached = up ? version + 1 : version - 1
    for (const statement of up ? migration.up.sqlite : migration.down.sqlite) connection.exec(statement)
    recordVersion(connection, set, reached)
    connection.exec('commit')
    applied.push(`${migration.version}-${migration.name}`)
    return reached
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback')
    throw error
  }
}

/** Whoever named the wrong file is told, before anything is mixed into it that nobody would get out again. */
function checkEmpty(connection: SqliteConnection, set: MigrationSet): void {
  const [table] = readTables(connection).filter((name) => name !== 'schema_version')
  if (table === undefined) return
  const other = setIn(connection)
  const why = other === null ? `it has a table "${table}", and no note of a version` : `it is the one of "${other}"`
  throw new StorageError(
    'storage_unreadable',
    `The database ${connection.file} is not the one of "${set.name}": ${why}.`,
    'Nothing was changed. Name the right file, or one that is not there yet.',
  )
}

function recordVersion(connection: SqliteConnection, set: MigrationSet, version: number): void {
  connection.exec(`create table if not exists schema_version (
    set_name text primary key,
    version integer not null,
    checksum text not null,
    applied_at integer not null
  ) strict, without rowid`)
  connection
    .prepare(
      `insert into schema_version values (?, ?, ?, ?)
       on conflict (set_name) do update set version = excluded.version, checksum = excluded.checksum, applied_at = excluded.applied_at`,
    )
    .run([set.name, version, checksum(set, version), Date.now()])
}
