import type { CancelOutcome } from '../storage.ts'
import { type Database, decide } from './database.ts'
import { discardDrafts } from './deliveries.ts'

export function cancelQueries(db: Database) {
  /** What never ran leaves no turn: nothing was answered, and nothing has to be remembered. */
  function cancel(task: string, at: number): Promise<CancelOutcome | null> {
    return decide(db, async (trx): Promise<CancelOutcome | null> => {
      const cancelled = await trx.query
        .updateTable('task')
        .set({ state: 'cancelled', ended_at: at })
        .where('id', '=', task)
        .where('state', '=', 'queued')
        .returning('session_id')
        .executeTakeFirst()
      if (cancelled !== undefined) {
        const freed = await discardDrafts(trx, [task], at)
        return { type: 'cancelled', session: cancelled.session_id, freed }
      }
      const marked = await trx.query
        .updateTable('task')
        .set({ cancel_requested_at: at })
        .where('id', '=', task)
        .where('state', '=', 'running')
        .returning('session_id')
        .executeTakeFirst()
      if (marked !== undefined) return { type: 'running', session: marked.session_id }
      const ended = await trx.query.selectFrom('task').select('state').where('id', '=', task).executeTakeFirst()
      return ended === undefined ? null : { type: 'ended', state: ended.state }
    })
  }
  return { cancel }
}
