import { checksum } from './checksum.ts'
import { latestVersion, type MigrationSet } from './set.ts'
import type { SqliteConnection } from './sqlite/connection.ts'
import { StorageError } from './storage-error.ts'

export interface MigrationStatus {
  set: string
  /** 0: no tables yet. */
  version: number
  latest: number
  /** Names of the migrations that `up` would apply. */
  pending: string[]
  appliedAt: number | null
}

/** Reads where a database stands; writes nothing. Throws when it is newer than this package, or was migrated by edited files. */
export function readStatus(connection: SqliteConnection, set: MigrationSet): MigrationStatus {
  const latest = latestVersion(set)
  const row = readVersion(connection, set)
  const version = row?.version ?? 0
  if (version > latest) {
    throw new StorageError(
      'storage_newer',
      `The database ${connection.file} is at version ${version} of "${set.name}"; this program knows ${latest}.`,
      'Upgrade asyncv to the version that wrote it, or restore a backup made before.',
    )
  }
  if (row !== null && row.checksum !== checksum(set, version)) {
    throw new StorageError(
      'storage_changed',
      `The database ${connection.file} was brought to version ${version} of "${set.name}" by other statements than this program has.`,
      'A released migration was edited. Use the release that wrote the database, or restore a backup.',
    )
  }
  return {
    set: set.name,
    version,
    latest,
    pending: set.migrations.slice(version).map(({ version: number, name }) => `${number}-${name}`),
    appliedAt: row?.appliedAt ?? null,
  }
}

/** The set whose tables a database has, by what was noted in it; null where nothing was. */
export function setIn(connection: SqliteConnection): string | null {
  if (!hasVersions(connection)) return null
  const [row] = connection.prepare('select set_name as name from schema_version where version > 0').all([])
  return row === undefined ? null : String(row['name'])
}

function readVersion(
  connection: SqliteConnection,
  set: MigrationSet,
): { version: number; checksum: string; appliedAt: number } | null {
  if (!hasVersions(connection)) return null
  const [row] = connection
    .prepare('select version, checksum, applied_at as appliedAt from schema_version where set_name = ?')
    .all([set.name])
  // The columns are ours: integer, text, integer, in a strict table.
  return (row as { version: number; checksum: string; appliedAt: number } | undefined) ?? null
}

function hasVersions(connection: SqliteConnection): boolean {
  const looked = connection.prepare(`select 1 from sqlite_master where type = 'table' and name = 'schema_version'`)
  return looked.all([]).length > 0
}
