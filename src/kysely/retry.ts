import type { Actor } from '../audit.ts'
import type { DedupeKey, RetryOutcome } from '../storage.ts'
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
      const row = await lastAsked(trx, task)
      if (row === undefined) return null
      if (row.state !== 'failed' && row.state !== 'cancelled') {
        return row.id === task ? { type: 'refused', state: row.state } : { type: 'repeated', task: row.id }
      }
      const goesOn = !(await isPast(trx, row))
      if (goesOn) await queueAgain(trx, row)
      else await askAnew(trx, row, ids, at)
      if (by !== undefined) {
        await appendAudit(trx, {
          at,
          by,
          action: 'task.retried',
          target: task,
          before: { id: row.id, state: row.state },
          after: { id: goesOn ? row.id : ids.task, state: 'queued' },
        })
      }
      const { address } = await trx.query
        .selectFrom('session')
        .select('address')
        .where('id', '=', row.session_id)
        .executeTakeFirstOrThrow()
      return { type: 'queued', task: goesOn ? row.id : ids.task, session: row.session_id, address }
    })
  }

  /**
   * The task itself, or the one that was asked anew in its place, or that took this one up: a repeat must not make a second
   * one.
   */
  async function lastAsked(trx: Trx, task: string): Promise<TaskRow | undefined> {
    const row = await trx.query.selectFrom('task').selectAll().where('id', '=', task).executeTakeFirst()
    const anew = row === undefined ? null : await arrivals.known(trx, askingAnew(task))
    // What was asked anew may be forgotten before the task is.
    if (!anew?.task_id) return row
    const next = await lastAsked(trx, anew.task_id)
    if (next?.state !== 'absorbed' || next.into_task === null) return next ?? row
    return (await lastAsked(trx, next.into_task)) ?? next
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
    const key = askingAnew(row.id)
    const forgotten = await arrivals.recognise(trx, key, ids.message, at)
    if (forgotten !== null) {
      const leading = trx.query.updateTable('dedupe').set({ message_id: ids.message, at })
      await leading.where('scope', '=', key.scope).where('key', '=', key.key).execute()
    }
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

/** Such a key is no sender's. */
export const anewScope = 'retry'

/** What keeps a task from being asked anew twice; it leads to the message that was written for it. */
function askingAnew(task: string): DedupeKey {
  return { scope: anewScope, key: task, bodyHash: '' }
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
