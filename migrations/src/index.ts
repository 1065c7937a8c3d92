// What a database looks like, version by version.
export { latestVersion, type Migration, type MigrationSet } from './set.ts'
export { runtimeSet } from './runtime/index.ts'
export { studioSet } from './studio/index.ts'
export { eventTriggers } from './runtime/event-triggers.ts'

// Bringing a database there.
export { migrate, type MigrateOptions, type MigrationResult } from './migrate.ts'
export { readStatus, type MigrationStatus } from './status.ts'
export { checkDowns, type DownCheck } from './check.ts'
export { report, type DatabaseReport } from './report.ts'

// Opening SQLite.
export { openSqlite, type OpenSqliteOptions } from './sqlite/open.ts'
export {
  allowsSeveralConnections,
  type SqliteConnection,
  type SqliteDriverName,
  type SqliteRow,
  type SqliteStatement,
} from './sqlite/connection.ts'
export { isOwned, lockOwner, ownerLock, readOwner, type Owner, type OwnerDetails } from './sqlite/owner.ts'

export { StorageError } from './storage-error.ts'
