import { type CompiledQuery, type DatabaseConnection, type QueryResult, SelectQueryNode } from 'kysely'
import { AsyncvError } from '../errors.ts'
import type { RiderState } from './rider-state.ts'
import type { SharedCommit } from './shared-commit.ts'
import type { Statements } from './statements.ts'

/**
 * What Kysely takes for a connection: one logical transaction, or queries outside any. Those that read go to the
 * read-only connection and see what is committed; those that write are a transaction of their own.
 */
export class Rider implements DatabaseConnection {
  readonly #shared: SharedCommit
  /** Null in one-connection mode. */
  readonly #reader: Statements | null
  state: RiderState = 'new'

  constructor(shared: SharedCommit, reader: Statements | null) {
    this.#shared = shared
    this.#reader = reader
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.state !== 'new') return this.#shared.run<Row>(this, query)
    if (SelectQueryNode.is(query.query)) {
      if (this.#reader !== null) return this.#reader.run<Row>(query)
      await this.#shared.idle()
    }
    await this.#shared.begin(this)
    let result: QueryResult<Row>
    try {
      result = this.#shared.run<Row>(this, query)
    } catch (error) {
      this.#shared.rollback(this)
      this.state = 'new'
      throw error
    }
    await this.#shared.commit(this)
    this.state = 'new'
    return result
  }

  // biome-ignore lint/correctness/useYield: SQLite gives all rows at once, and no caller of ours streams.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new AsyncvError('internal', 'Streaming queries are not supported on SQLite.')
  }
}
