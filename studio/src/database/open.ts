import { lockOwner, migrate, openSqlite, type SqliteConnection, studioSet } from '@asyncv/migrations'
import { Kysely, SqliteDialect, type Transaction } from 'kysely'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>
export type Trx = Transaction<Tables>

export interface OpenedDatabase {
  db: Database
  /** Tells other processes where Studio is. */
  announce(url: string): void
  close(): Promise<void>
}

/**
 * Opens Studio's database, brings it to the latest version, and keeps every other process out of it. Queries outside a
 * transaction wait for one that is under way, since there is one connection: inside a transaction ask it, not `db`.
 * Throws `StorageError`.
 */
export async function openDatabase(file: string): Promise<OpenedDatabase> {
  const owner = file === ':memory:' ? null : await lockOwner(file)
  try {
    const connection = await openSqlite(file)
    try {
      migrate(connection, studioSet)
    } catch (error) {
      connection.close()
      throw error
    }
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyKnowsIt(connection) }) })
    return {
      db,
      announce: (url) => owner?.announce({ url }),
      async close() {
        await db.destroy()
        // Kysely closes only what it has asked something.
        connection.close()
        owner?.release()
      },
    }
  } catch (error) {
    owner?.release()
    throw error
  }
}

const nothing = {
  reader: true,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
}

function asKyselyKnowsIt(connection: SqliteConnection) {
  return {
    close: () => {},
    prepare(sql: string) {
      // A full disk ends a transaction by itself; what it was ended for would be hidden by an error of this.
      if (sql === 'rollback' && !connection.inTransaction) return nothing
      const statement = connection.prepare(sql)
      return {
        reader: statement.reader,
        all: (parameters: readonly unknown[]) => statement.all(parameters),
        run: (parameters: readonly unknown[]) => statement.run(parameters),
        // Kysely's streams end here: both drivers read all at once, and what is long is read in pages.
        iterate: (parameters: readonly unknown[]) => statement.all(parameters).values(),
      }
    },
  }
}
