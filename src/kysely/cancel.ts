import type { Actor } from '../audit.ts'
import type { CancelOutcome } from '../storage.ts'
import type { TaskState } from '../task.ts'
import { appendAudit } from './audit.ts'
import { type Database, decide, type Trx } from './database.ts'
import { isOpenTask } from './states.ts'

export function cancelQueries(db: Database) {
  /**
   * What never ran leaves no turn: nothing was answered, and nothing has to be remembered. What did run may have taken up
   * messages, and may stand in the chat with a placeholder: also when it is queued, only a finish commit ends it.
   */
  function cancel(task: string, at: number, by?: Actor): Promise<CancelOutcome | null> {
    return decide(db, async (trx): Promise<CancelOutcome | null> => {
      const cancelled = await trx.query
        .updateTable('task')
        .set({ state: 'cancelled', ended_at: at })
        .where('id', '=', task)
        .where('state', '=', 'queued')
        .where('attempt', '=', 0)
        .returning('session_id')
        .executeTakeFirst()
      if (cancelled !== undefined) {
        await note(trx, { task, at, by, before: 'queued', after: 'cancelled' })
        return { type: 'cancelled', session: cancelled.session_id }
      }
      const marked = await trx.query
        .updateTable('task')
        .set({ cancel_requested_at: at })
        .where('id', '=', task)
        .where(isOpenTask())
        .returning(['session_id', 'state'])
        .executeTakeFirst()
      if (marked !== undefined) {
        await note(trx, { task, at, by, before: marked.state, after: marked.state })
        return { type: 'requested', session: marked.session_id }
      }
      const ended = await trx.query.selectFrom('task').select('state').where('id', '=', task).executeTakeFirst()
      return ended === undefined ? null : { type: 'ended', state: ended.state }
    })
  }
  return { cancel }
}

/** Callers cancel what they asked for as a matter of course; what is written down is who decided it for others. */
async function note(
  trx: Trx,
  done: { task: string; at: number; by: Actor | undefined; before: TaskState; after: TaskState },
): Promise<void> {
  const { task, at, by, before, after } = done
  if (by === undefined) return
  await appendAudit(trx, {
    at,
    by,
    action: 'task.cancelled',
    target: task,
    before: { id: task, state: before },
    after: { id: task, state: after },
  })
}
