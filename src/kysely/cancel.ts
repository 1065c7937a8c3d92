import type { CancelOutcome } from '../storage.ts'
import { type Database, decide } from './database.ts'
import { isOpenTask } from './states.ts'

export function cancelQueries(db: Database) {
  /**
   * What never ran leaves no turn: nothing was answered, and nothing has to be remembered. What did run may have taken up
   * messages, and may stand in the chat with a placeholder: also when it is queued, only a finish commit ends it.
   */
  function cancel(task: string, at: number): Promise<CancelOutcome | null> {
    return decide(db, async (trx): Promise<CancelOutcome | null> => {
      const cancelled = await trx.query
        .updateTable('task')
        .set({ state: 'cancelled', ended_at: at })
        .where('id', '=', task)
        .where('state', '=', 'queued')
        .where('attempt', '=', 0)
        .returning('session_id')
        .executeTakeFirst()
      if (cancelled !== undefined) return { type: 'cancelled', session: cancelled.session_id }
      const marked = await trx.query
        .updateTable('task')
        .set({ cancel_requested_at: at })
        .where('id', '=', task)
        .where(isOpenTask())
        .returning('session_id')
        .executeTakeFirst()
      if (marked !== undefined) return { type: 'requested', session: marked.session_id }
      const ended = await trx.query.selectFrom('task').select('state').where('id', '=', task).executeTakeFirst()
      return ended === undefined ? null : { type: 'ended', state: ended.state }
    })
  }
  return { cancel }
}
