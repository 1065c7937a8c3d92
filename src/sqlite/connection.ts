import { type CompiledQuery, type DatabaseConnection, type QueryResult, SelectQueryNode } from 'kysely'
import type { Executor } from '../backend.ts'
import { AsyncvError } from '../errors.ts'
import type { Rider } from './rider.ts'
import type { SharedCommit } from './shared-commit.ts'
import type { Statements } from './statements.ts'

/**
 * What Kysely takes for a connection; it costs nothing, and there is one for each transaction and for each query
 * outside. Outside a transaction, Kysely's selects go to the read-only connection and see what is committed. Everything
 * else is a transaction of its own: writes, raw SQL, and without a second connection also selects, which then resolve
 * when what they saw is on disk.
 */
export class Connection implements DatabaseConnection {
  readonly #shared: SharedCommit
  /** Null in one-connection mode. */
  readonly #reader: Statements | null
  #rider: Rider | null = null

  constructor(shared: SharedCommit, reader: Statements | null) {
    this.#shared = shared
    this.#reader = reader
  }

  async begin(): Promise<void> {
    this.#rider = await this.#shared.board()
  }

  /** The transaction that was begun on this connection, which may have ended. */
  get rider(): Rider {
    if (this.#rider !== null) return this.#rider
    throw new AsyncvError('internal', 'No transaction was begun on this connection.')
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    // Also when it has ended: a query that comes too late is refused, and does not run outside.
    if (this.#rider !== null) return this.#shared.run<Row>(this.#rider, query)
    if (this.#reader !== null && SelectQueryNode.is(query.query)) return this.#reader.run<Row>(query)
    return this.#alone<Row>(query)
  }

  async #alone<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const rider = await this.#shared.board()
    let result: QueryResult<Row>
    try {
      result = this.#shared.run<Row>(rider, query)
    } catch (error) {
      this.#shared.rollback(rider)
      throw error
    }
    await this.#shared.commit(rider)
    return result
  }

  // biome-ignore lint/correctness/useYield: SQLite gives all rows at once, and nobody here streams.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new AsyncvError('internal', 'Streaming queries are not supported on SQLite.')
  }
}

/** What Kysely does for a select outside a transaction, with fewer promises. */
export function committed(shared: SharedCommit, reader: Statements | null): Executor {
  return reader === null ? new Connection(shared, null) : { executeQuery: (query) => reader.run(query) }
}

/** What Kysely does for a transaction, with fewer promises. */
export async function transaction<Result>(
  shared: SharedCommit,
  work: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  const boarding = shared.board()
  const rider = boarding instanceof Promise ? await boarding : boarding
  let result: Result
  try {
    result = await work({ executeQuery: (query) => shared.run(rider, query) })
  } catch (error) {
    shared.rollback(rider)
    throw error
  }
  await shared.commit(rider)
  return result
}
