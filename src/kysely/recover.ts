import type { Recovered } from '../storage.ts'
import { type Database, decide, type Trx } from './database.ts'
import { emptyBody } from './deliveries.ts'
import { isOpenDelivery, isSending, isTask } from './states.ts'

/** Turns what a dead owner left behind into work: one transaction, so that a death is counted once. */
export function recoverQueries(db: Database) {
  function recover(at: number): Promise<Recovered> {
    return decide(db, async (trx) => {
      const interrupted = await requeueRunning(trx)
      const uncertain = await doubtSending(trx, at)
      const lanes = await trx.query
        .selectFrom('task')
        .innerJoin('session', 'session.id', 'task.session_id')
        .select((e) => [
          'session.id as session',
          'session.address',
          e.fn.max('task.alone').as('alone'),
          e.fn.count<number>('task.id').as('open'),
          e.fn.min('task.created_at').as('oldest'),
        ])
        .where(isTask('queued'))
        .groupBy(['session.id', 'session.address'])
        .orderBy('alone', 'desc')
        .orderBy('oldest')
        .orderBy('session.id')
        .execute()
      const destinations = await trx.query
        .selectFrom('delivery')
        .select('destination')
        .distinct()
        .where(isOpenDelivery())
        .execute()
      return {
        interrupted,
        uncertain,
        lanes: lanes.map(({ session, address, alone, open }) => ({
          session,
          address,
          alone: alone === 1,
          open: Number(open),
        })),
        destinations: destinations.map(({ destination }) => destination),
      }
    })
  }
  return { recover }
}

/** A death counts only for tasks that ran alone: then nothing else can have been the cause. */
async function requeueRunning(trx: Trx): Promise<number> {
  const requeued = await trx.query
    .updateTable('task')
    .set((e) => ({ state: 'queued', crashes: e('crashes', '+', e.ref('alone')), alone: 1, started_at: null }))
    .where(isTask('running'))
    .returning('id')
    .execute()
  return requeued.length
}

/** Whether a send that was under way arrived, nobody knows; an edit is harmless to repeat. */
async function doubtSending(trx: Trx, at: number): Promise<number> {
  await trx.query
    .updateTable('delivery')
    .set({ state: 'retrying', next_at: at })
    .where(isSending())
    .where('target', 'is not', null)
    .execute()
  // A placeholder whose receipt was not written may stand in the chat; its task writes the answer.
  const drafts = await trx.query
    .updateTable('delivery')
    .set((e) => ({ state: 'pending', uncertain_count: e('uncertain_count', '+', 1) }))
    .where(isSending())
    .where('body', '=', emptyBody)
    .returning('id')
    .execute()
  const sends = await trx.query
    .updateTable('delivery')
    .set((e) => ({ state: 'uncertain', next_at: at, uncertain_count: e('uncertain_count', '+', 1) }))
    .where(isSending())
    .returning('id')
    .execute()
  return drafts.length + sends.length
}
