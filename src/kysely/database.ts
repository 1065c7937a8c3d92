import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  type QueryResult,
  SingleConnectionProvider,
  Transaction,
} from 'kysely'
import type { Executor, OpenBackend } from '../backend.ts'
import { AsyncvError } from '../errors.ts'
import type { Tables } from './schema.ts'

/** The database of one storage. */
export class Database extends Kysely<Tables> {
  readonly #dialect: Dialect
  readonly transact: OpenBackend['transaction']
  /** For prepared reads outside a transaction; see `Trx` for what that saves. */
  readonly committed: Executor

  constructor({ dialect, transaction, committed }: Pick<OpenBackend, 'dialect' | 'transaction' | 'committed'>) {
    super({ dialect })
    this.#dialect = dialect
    this.transact = transaction
    this.committed = committed
  }

  /** Kysely inside a transaction that has begun. */
  inside(transaction: Executor): Transaction<Tables> {
    const dialect = this.#dialect
    const connection: DatabaseConnection = {
      executeQuery: async <Row>(query: CompiledQuery) => transaction.executeQuery(query as CompiledQuery<Row>),
      // biome-ignore lint/correctness/useYield: all rows come at once, and nobody here streams
      async *streamQuery() {
        throw new AsyncvError('internal', 'A transaction gives no stream of rows.')
      },
    }
    const executor = this.getExecutor().withConnectionProvider(new SingleConnectionProvider(connection))
    return new Transaction({ config: { dialect }, dialect, driver: dialect.createDriver(), executor })
  }
}

/**
 * A transaction, inside which nothing but this is awaited, and nothing else is queried. What is prepared goes to the
 * database at once: on Kysely's own way there each query passes a dozen promises, which was a fifth of what a message
 * cost.
 */
export class Trx implements Executor {
  readonly #db: Database
  readonly #transaction: Executor
  #query: Transaction<Tables> | null = null

  constructor(db: Database, transaction: Executor) {
    this.#db = db
    this.#transaction = transaction
  }

  /** For queries that are not prepared. */
  get query(): Transaction<Tables> {
    this.#query ??= this.#db.inside(this.#transaction)
    return this.#query
  }

  executeQuery<Row>(query: CompiledQuery<Row>): QueryResult<Row> | Promise<QueryResult<Row>> {
    return this.#transaction.executeQuery(query)
  }
}

/**
 * Carries a decision out as one transaction. It begins in the order of the calls, since nothing is awaited before.
 * When it rejects, nothing was kept.
 */
export async function decide<Result>(db: Database, decision: (trx: Trx) => Promise<Result>): Promise<Result> {
  try {
    return await db.transact((transaction) => decision(new Trx(db, transaction)))
  } catch (error) {
    throw asAsyncvError(error)
  }
}

export async function read<Result>(query: () => Promise<Result>): Promise<Result> {
  try {
    return await query()
  } catch (error) {
    throw asAsyncvError(error)
  }
}

/** The backend says of what may go better later that it can be tried again; the rest is a mistake of ours. */
function asAsyncvError(error: unknown): AsyncvError {
  if (error instanceof AsyncvError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new AsyncvError('internal', `The storage failed: ${message}`, { cause: error })
}

/** The attempt that writes is not the one that runs any more. */
export function fencedOut({ task, attempt }: { task: string; attempt: number }): AsyncvError {
  return new AsyncvError('state_conflict', `Attempt ${attempt} of task ${task} is over; its write was refused.`, {
    task,
  })
}

/** The try of a delivery that is reported is not the one under way. */
export function notUnderWay(delivery: string): AsyncvError {
  return new AsyncvError(
    'state_conflict',
    `Delivery ${delivery} is not being sent by this try; its outcome was refused.`,
  )
}
