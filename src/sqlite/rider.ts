import { AsyncvError } from '../errors.ts'
import type { Bus } from './bus.ts'

/** One logical transaction: a part of the real one that it shares. */
export interface Rider {
  state: RiderState
  readonly bus: Bus
  /** How long the way of the bus was then. */
  readonly boardedAt: number
}

export type RiderState =
  /** It has boarded and its queries run. */
  | 'open'
  /** A statement of it failed: as on Postgres, only rolling back is possible. */
  | 'broken'
  /** It has ended and waits for the commit, or has seen it. */
  | 'aboard'
  | 'rolled-back'
  /** It was still open when the bus left. */
  | 'thrown-off'
  /** SQLite gave up the real transaction under it. */
  | 'lost'

/** Why a query or the commit of a rider that is not open is refused. */
export function refusal(state: Exclude<RiderState, 'open'>): AsyncvError {
  switch (state) {
    case 'broken':
      return new AsyncvError('internal', 'A statement of this transaction failed; it can only roll back.')
    case 'aboard':
    case 'rolled-back':
      return new AsyncvError('internal', 'A query came after its transaction had ended.', {
        hint: 'Await every query inside the transaction.',
      })
    case 'thrown-off':
      return new AsyncvError('internal', 'A transaction may await only its own queries.', {
        hint: 'Do network calls, timers and other transactions before or after it.',
      })
    case 'lost':
      return new AsyncvError('storage_failed', 'The database gave this transaction up; nothing of it was kept.', {
        retryable: true,
      })
  }
}
