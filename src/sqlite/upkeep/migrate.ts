import { existsSync } from 'node:fs'
import {
  lockOwner,
  migrate,
  type MigrationResult,
  openSqlite,
  runtimeSet,
  type SqliteDriverName,
} from '@asyncv/migrations'
import { asAsyncvError } from '../as-asyncv-error.ts'
import { noDatabase } from './backup.ts'

/**
 * Brings a database to the schema of this version, as the next start would. Throws `storage_in_use` while a runtime has it,
 * `storage_newer` or `storage_changed`, and changes nothing then.
 */
export async function migrateDatabase(database: string, driver?: SqliteDriverName): Promise<MigrationResult> {
  if (!existsSync(database)) throw noDatabase(database)
  try {
    const owner = await lockOwner(database)
    try {
      const connection = await openSqlite(database, driver === undefined ? {} : { driver })
      try {
        return migrate(connection, runtimeSet)
      } finally {
        connection.close()
      }
    } finally {
      owner.release()
    }
  } catch (error) {
    throw asAsyncvError(database, error)
  }
}
