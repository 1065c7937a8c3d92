import { AsyncvError } from '../errors.ts'

/** Where a logical transaction stands; shared-commit.ts tells the story. `new`: outside any transaction. */
export type RiderState = 'new' | 'open' | 'broken' | 'aboard' | 'thrown-off' | 'done'

/** Why a rider in this state cannot run a query. */
export function refusal(state: RiderState): AsyncvError {
  switch (state) {
    case 'thrown-off':
      return new AsyncvError('internal', 'A transaction may await only its own queries.', {
        hint: 'Do network calls, timers and other transactions before or after it.',
      })
    case 'broken':
      return new AsyncvError('internal', 'A statement of this transaction failed; it can only roll back.')
    default:
      return new AsyncvError('internal', `A query came after its transaction had ended (${state}).`, {
        hint: 'Await every query inside the transaction.',
      })
  }
}
