/**
 * `sqlite(file)`: the default storage. One process owns the file; every commit is synced to disk before it counts.
 *
 * ```ts
 * createAsyncv({ storage: sqlite('.asyncv/asyncv.db'), … })
 * ```
 */
export { type SqliteOptions, sqlite } from './sqlite.ts'

// Upkeep of a database file, also beside the runtime that has it.
export { type BackUp, type BackUpOptions, backUp } from './upkeep/backup.ts'
export { type BackupNote, readBackup } from './upkeep/backup-file.ts'
export { migrateDatabase } from './upkeep/migrate.ts'
export { type Restored, type RestoreOptions, type RestoreStep, restore, restoreSteps } from './upkeep/restore.ts'
export { type DatabaseState, databaseState, type Inspection, inspectDatabase } from './upkeep/inspect.ts'
export { type Growth, growthOf } from './upkeep/growth.ts'
export { sealedSecrets } from './upkeep/sealed.ts'
