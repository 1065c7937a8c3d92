import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { Connection } from './connection.ts'
import type { SharedCommit } from './shared-commit.ts'
import type { Statements } from './statements.ts'

/**
 * A Kysely dialect whose transactions share commits. `reader` is null where one connection has to do everything. Whoever
 * opened the connections closes them.
 */
export function sharedCommitDialect(shared: SharedCommit, reader: Statements | null): Dialect {
  return {
    createDriver: () => sharedCommitDriver(shared, reader),
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

function sharedCommitDriver(shared: SharedCommit, reader: Statements | null): Driver {
  return {
    async init() {},
    acquireConnection: async () => new Connection(shared, reader),
    async releaseConnection() {},
    beginTransaction: (connection) => ours(connection).begin(),
    commitTransaction: (connection) => shared.commit(ours(connection).rider),
    rollbackTransaction: async (connection) => shared.rollback(ours(connection).rider),
    savepoint: async (connection, name) => shared.savepoint(ours(connection).rider, 'savepoint', name),
    rollbackToSavepoint: async (connection, name) => shared.savepoint(ours(connection).rider, 'rollback to', name),
    releaseSavepoint: async (connection, name) => shared.savepoint(ours(connection).rider, 'release', name),
    destroy: () => shared.close(),
  }
}

/** Kysely hands back the connections that it was given. */
function ours(connection: DatabaseConnection): Connection {
  return connection as Connection
}
