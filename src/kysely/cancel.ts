import type { CancelOutcome } from '../storage.ts'
import { type Database, decide } from './database.ts'

export function cancelQueries(db: Database) {
  /** What never ran leaves no turn: nothing was answered, and nothing has to be remembered. */
  function cancel(task: string, at: number): Promise<CancelOutcome | null> {
    return decide(db, async (trx): Promise<CancelOutcome | null> => {
      const row = await trx.selectFrom('task').select(['state', 'session_id']).where('id', '=', task).executeTakeFirst()
      if (row === undefined) return null
      const { state, session_id: session } = row
      if (state === 'queued') {
        await trx.updateTable('task').set({ state: 'cancelled', ended_at: at }).where('id', '=', task).execute()
        return { type: 'cancelled', session }
      }
      if (state === 'running') {
        await trx.updateTable('task').set({ cancel_requested_at: at }).where('id', '=', task).execute()
        return { type: 'running', session }
      }
      return { type: 'ended', state }
    })
  }
  return { cancel }
}
