import type { RetryOutcome } from '../storage.ts'
import type { acceptQueries } from './accept.ts'
import { type Database, decide, type Trx } from './database.ts'
import type { TaskRow } from './schema.ts'

export function retryQueries(db: Database, queries: ReturnType<typeof acceptQueries>) {
  return { retry }

  function retry(task: string, ids: { task: string; message: string }, at: number): Promise<RetryOutcome | null> {
    return decide(db, async (trx): Promise<RetryOutcome | null> => {
      const row = await trx.selectFrom('task').selectAll().where('id', '=', task).executeTakeFirst()
      if (row === undefined) return null
      if (row.state !== 'failed' && row.state !== 'cancelled') return { type: 'refused', state: row.state }
      const session = await trx
        .selectFrom('session')
        .selectAll()
        .where('id', '=', row.session_id)
        .executeTakeFirstOrThrow()
      const { address } = session
      if (session.closed_at === null && !(await wentOn(trx, row))) {
        await queueAgain(trx, row)
        return { type: 'queued', task, session: row.session_id, address }
      }
      return { type: 'queued', task: ids.task, address, session: await askAnew(trx, row, address, ids, at) }
    })
  }

  /** The conversation has moved past the task: its message is said once more, at the end. */
  async function askAnew(
    trx: Trx,
    row: TaskRow,
    address: string,
    ids: { task: string; message: string },
    at: number,
  ): Promise<string> {
    const [open] = await queries.nextInSession(trx, { address, at })
    const session = open?.id ?? row.session_id
    const seq = open?.seq ?? (await nextSeq(trx, row.session_id))
    const message = await trx.selectFrom('message').selectAll().where('task_id', '=', row.id).executeTakeFirstOrThrow()
    const { parts, person } = message
    await queries.insertMessage(trx, { id: ids.message, session, seq, task: ids.task, parts, person, at })
    await queries.insertTask(trx, {
      id: ids.task,
      session,
      seq,
      state: 'queued',
      attempt: 0,
      agent: row.agent,
      whenBusy: row.when_busy,
      destination: row.destination,
      context: row.context,
      at,
      startedAt: null,
    })
    return session
  }
}

async function wentOn(trx: Trx, row: TaskRow): Promise<boolean> {
  const own = await trx.selectFrom('turn').select('seq').where('task_id', '=', row.id).executeTakeFirst()
  const later = await trx
    .selectFrom('turn')
    .innerJoin('task', 'task.id', 'turn.task_id')
    .select('turn.seq')
    .where('turn.session_id', '=', row.session_id)
    .where((e) => (own === undefined ? e('task.order_seq', '>', row.order_seq) : e('turn.seq', '>', own.seq)))
    .executeTakeFirst()
  return later !== undefined
}

/** Its finished steps are kept; its turn, the note of the failure, goes. */
async function queueAgain(trx: Trx, row: TaskRow): Promise<void> {
  await trx.deleteFrom('turn').where('task_id', '=', row.id).execute()
  await trx
    .updateTable('task')
    .set({
      state: 'queued',
      error: null,
      crashes: 0,
      alone: 0,
      cancel_requested_at: null,
      started_at: null,
      ended_at: null,
    })
    .where('id', '=', row.id)
    .execute()
}

async function nextSeq(trx: Trx, session: string): Promise<number> {
  const { next_seq: next } = await trx
    .updateTable('session')
    .set((e) => ({ next_seq: e('next_seq', '+', 1) }))
    .where('id', '=', session)
    .returning('next_seq')
    .executeTakeFirstOrThrow()
  return next - 1
}
