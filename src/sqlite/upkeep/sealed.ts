import { existsSync } from 'node:fs'
import { openSqlite, type SqliteDriverName } from '@asyncv/migrations'
import type { SecretStore, StoredSecret } from '../../secret-store.ts'
import { AsyncvError } from '../../errors.ts'
import { asAsyncvError } from '../as-asyncv-error.ts'
import { hasTable } from './tables.ts'

/**
 * The secrets of a database as they are sealed there, read beside a runtime that has it: what a vault opens that is to
 * reveal and never to change. Empty where there is no database yet. Throws an `AsyncvError` for one that cannot be read.
 */
export async function sealedSecrets(database: string, driver?: SqliteDriverName): Promise<SecretStore> {
  const rows = await read(database, driver)
  const refuse = (): never => {
    throw new AsyncvError('internal', 'These secrets were opened to be read.')
  }
  return { secrets: async () => rows, putSecret: refuse, removeSecret: refuse }
}

async function read(database: string, driver: SqliteDriverName | undefined): Promise<StoredSecret[]> {
  if (database === ':memory:' || !existsSync(database)) return []
  try {
    const connection = await openSqlite(database, { readonly: true, ...(driver === undefined ? {} : { driver }) })
    try {
      if (!hasTable(connection, 'secret')) return []
      return connection
        .prepare('select name, version, cipher, nonce, key_id as keyId, origins, at from secret order by name')
        .all([])
        .map((row) => ({
          // As the migration made the table: it is strict.
          ...(row as unknown as StoredSecret),
          origins: row['origins'] === null ? null : (JSON.parse(String(row['origins'])) as string[]),
        }))
    } finally {
      connection.close()
    }
  } catch (error) {
    throw asAsyncvError(database, error)
  }
}
