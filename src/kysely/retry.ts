import type { Actor } from '../audit.ts'
import type { RetryOutcome } from '../storage.ts'
import type { arrivalQueries } from './arrivals.ts'
import { appendAudit } from './audit.ts'
import { type Database, decide, type Trx } from './database.ts'
import type { TaskRow } from './schema.ts'

export function retryQueries(db: Database, arrivals: ReturnType<typeof arrivalQueries>) {
  return { retry }

  function retry(
    task: string,
    ids: { task: string; message: string },
    at: number,
    by?: Actor,
  ): Promise<RetryOutcome | null> {
    return decide(db, async (trx): Promise<RetryOutcome | null> => {
      const row = await trx.query.selectFrom('task').selectAll().where('id', '=', task).executeTakeFirst()
      if (row === undefined) return null
      if (row.state !== 'failed' && row.state !== 'cancelled') return { type: 'refused', state: row.state }
      const goesOn = !(await isPast(trx, row))
      if (goesOn) await queueAgain(trx, row)
      else await askAnew(trx, row, ids, at)
      if (by !== undefined) {
        await appendAudit(trx, {
          at,
          by,
          action: 'task.retried',
          target: task,
          before: { id: task, state: row.state },
          after: { id: goesOn ? task : ids.task, state: 'queued' },
        })
      }
      const { address } = await trx.query
        .selectFrom('session')
        .select('address')
        .where('id', '=', row.session_id)
        .executeTakeFirstOrThrow()
      return { type: 'queued', task: goesOn ? task : ids.task, session: row.session_id, address }
    })
  }

  /** Says the task's message once more, at the end of its session. */
  async function askAnew(trx: Trx, row: TaskRow, ids: { task: string; message: string }, at: number): Promise<void> {
    const { session_id, agent, when_busy, destination, context } = row
    const { next_seq } = await trx.query
      .updateTable('session')
      .set((e) => ({ next_seq: e('next_seq', '+', 1), last_at: at }))
      .where('id', '=', session_id)
      .returning('next_seq')
      .executeTakeFirstOrThrow()
    const seq = next_seq - 1
    const message = await trx.query
      .selectFrom('message')
      .selectAll()
      .where('id', '=', row.message_id)
      .executeTakeFirstOrThrow()
    await arrivals.insertMessage(trx, { ...message, id: ids.message, seq, task_id: ids.task, received_at: at })
    await arrivals.insertTask(trx, {
      id: ids.task,
      session_id,
      message_id: ids.message,
      order_seq: seq,
      state: 'queued',
      attempt: 0,
      agent,
      when_busy,
      destination,
      context,
      at,
      started_at: null,
    })
  }
}

/** The conversation has moved past the task: the session has a later turn. */
async function isPast(trx: Trx, row: TaskRow): Promise<boolean> {
  const later = await trx.query
    .selectFrom('message')
    .innerJoin('task', 'task.id', 'message.task_id')
    .select('task.id')
    .where('message.session_id', '=', row.session_id)
    .where('message.seq', '>', row.order_seq)
    .where('task.turn', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return later !== undefined
}

/** Its finished steps are kept; its turn, the note of the failure, goes. */
async function queueAgain(trx: Trx, row: TaskRow): Promise<void> {
  await trx.query
    .updateTable('task')
    .set({
      state: 'queued',
      error: null,
      turn: null,
      turn_tokens: null,
      crashes: 0,
      alone: 0,
      cancel_requested_at: null,
      started_at: null,
      ended_at: null,
    })
    .where('id', '=', row.id)
    .where('state', '=', row.state)
    .execute()
}
