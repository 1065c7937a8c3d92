import type { SqliteConnection } from '@asyncv/migrations'
import { type Dialect, type Driver, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { Rider } from './rider.ts'
import { SharedCommit, type SharedCommitOptions } from './shared-commit.ts'
import { Statements } from './statements.ts'

export interface SharedCommitDialect {
  dialect: Dialect
  shared: SharedCommit
}

/** A Kysely dialect whose transactions share commits. `reader` is null where one connection has to do everything. */
export function sharedCommitDialect(
  writer: SqliteConnection,
  reader: SqliteConnection | null,
  options: SharedCommitOptions,
): SharedCommitDialect {
  const shared = new SharedCommit(writer, options)
  const statements = reader === null ? null : new Statements(reader)
  const driver: Driver = {
    async init() {},
    // A rider each: the lock belongs to the transaction, not to the connection.
    acquireConnection: async () => new Rider(shared, statements),
    async releaseConnection() {},
    beginTransaction: (rider) => shared.begin(rider as Rider),
    commitTransaction: (rider) => shared.commit(rider as Rider),
    rollbackTransaction: async (rider) => shared.rollback(rider as Rider),
    savepoint: async (rider, name) => shared.exec(rider as Rider, `savepoint "${name}"`),
    rollbackToSavepoint: async (rider, name) => shared.exec(rider as Rider, `rollback to "${name}"`),
    releaseSavepoint: async (rider, name) => shared.exec(rider as Rider, `release "${name}"`),
    async destroy() {
      await shared.idle()
      reader?.close()
      writer.close()
    },
  }
  const dialect: Dialect = {
    createDriver: () => driver,
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
  return { dialect, shared }
}
