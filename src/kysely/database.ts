import type { Kysely, Transaction } from 'kysely'
import { AsyncvError } from '../errors.ts'
import type { Executor } from './prepared.ts'
import type { Tables } from './schema.ts'

export type Database = Kysely<Tables>

/** Inside a transaction nothing but this is awaited, and nothing else is queried. */
export interface Trx extends Executor {
  /** For queries that are not prepared. */
  readonly query: Transaction<Tables>
}

/**
 * Carries a decision out as one transaction. It begins in the order of the calls, since nothing is awaited before.
 * What the database refuses becomes `storage_failed`, which says that nothing was kept.
 */
export async function decide<Result>(db: Database, decision: (trx: Trx) => Promise<Result>): Promise<Result> {
  try {
    return await db.transaction().execute(async (query) => {
      // Asked for once: through Kysely each query would pass half a dozen promises before it reaches the connection.
      const connection = await query.getExecutor().provideConnection(async (connection) => connection)
      return decision({ query, executeQuery: (compiled) => connection.executeQuery(compiled) })
    })
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

function asAsyncvError(error: unknown): AsyncvError {
  if (error instanceof AsyncvError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new AsyncvError('storage_failed', `The database refused: ${message}`, { retryable: true, cause: error })
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
