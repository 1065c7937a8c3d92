import type { FinishedTask, FinishOutcome } from '../storage.ts'
import type { claimQueries } from './claim.ts'
import { type Database, decide, fencedOut, type Trx } from './database.ts'
import { emptyBody, insertDelivery } from './deliveries.ts'
import { fromJson } from './nouns.ts'
import { prepared } from './prepared.ts'
import { writeStep } from './steps.ts'

/** The commit that ends a task: its turn, its end, its deliveries, and the start of the next one. */
export function finishQueries(db: Database, { claimNext }: ReturnType<typeof claimQueries>) {
  const end = prepared<
    {
      task: string
      attempt: number
      outcome: FinishedTask['outcome']
      error: string | null
      inputTokens: number
      outputTokens: number
      at: number
    },
    { id: string }
  >((slot) =>
    db
      .updateTable('task')
      .set({
        state: slot('outcome'),
        error: slot('error'),
        input_tokens: slot('inputTokens'),
        output_tokens: slot('outputTokens'),
        alone: 0,
        ended_at: slot('at'),
      })
      .where('id', '=', slot('task'))
      .where('state', '=', 'running')
      .where('attempt', '=', slot('attempt'))
      .returning('id'),
  )
  const insertTurn = prepared<{ session: string; task: string; messages: string; tokens: number; at: number }>((slot) =>
    db.insertInto('turn').values((e) => ({
      session_id: slot('session'),
      seq: e
        .selectFrom('turn as earlier')
        .select((s) => s(s.fn.coalesce(s.fn.max('earlier.seq'), s.lit(0)), '+', 1).as('seq'))
        .where('earlier.session_id', '=', slot('session')),
      task_id: slot('task'),
      messages: slot('messages'),
      tokens: slot('tokens'),
      at: slot('at'),
    })),
  )
  const findQueued = prepared<{ session: string }, { id: string }>((slot) =>
    db.selectFrom('task').select('id').where('session_id', '=', slot('session')).where('state', '=', 'queued').limit(1),
  )
  const write = writeStep(db)
  const writeDelivery = insertDelivery(db)

  return { finish }

  function finish(finished: FinishedTask): Promise<FinishOutcome> {
    const { fence, session, outcome, usage, turn, at } = finished
    return decide(db, async (trx) => {
      const error = finished.error === null ? null : JSON.stringify(finished.error)
      const ended = await end(trx, { ...fence, ...usage, outcome, error, at })
      if (ended.length === 0) throw fencedOut(fence)
      for (const step of finished.steps) await write(trx, fence.task, fence.attempt, step)
      await insertTurn(trx, {
        session,
        task: fence.task,
        messages: JSON.stringify(turn.messages),
        tokens: turn.tokens,
        at,
      })
      if (finished.draft !== null) await fillDraft(trx, finished.draft)
      else if (fence.attempt > 1) await dropDrafts(trx, fence.task, at)
      for (const delivery of finished.deliveries) await writeDelivery(trx, delivery, at)
      const requeued = outcome === 'done' ? [] : await requeueUnseen(trx, fence.task)
      const next = finished.claimNext ? await claimNext(trx, session, at) : null
      const more = (await findQueued(trx, { session })).length > 0
      return { next, more, requeued }
    })
  }
}

/** The placeholder gets its final text. */
async function fillDraft(trx: Trx, draft: NonNullable<FinishedTask['draft']>): Promise<void> {
  await trx
    .updateTable('delivery')
    .set({
      body: JSON.stringify(draft.body),
      kind: draft.kind,
      state: draft.state,
      attempt: draft.state === 'sending' ? 1 : 0,
      next_at: null,
    })
    .where('id', '=', draft.id)
    .where('state', 'in', ['pending', 'sending', 'uncertain'])
    .execute()
}

/** A placeholder nobody fills must not hold up its destination for ever. */
async function dropDrafts(trx: Trx, task: string, at: number): Promise<void> {
  await trx
    .updateTable('delivery')
    .set({ state: 'discarded', settled_at: at })
    .where('task_id', '=', task)
    .where('body', '=', emptyBody)
    .where('state', 'in', ['pending', 'sending', 'uncertain'])
    .execute()
}

/** Messages that the task took up and no finished model call of it has seen: they get their own answers after all. */
async function requeueUnseen(trx: Trx, task: string): Promise<string[]> {
  const absorbed = await trx.selectFrom('task').select('id').where('into_task', '=', task).execute()
  if (absorbed.length === 0) return []
  const steps = await trx
    .selectFrom('step')
    .select(['n', 'kind', 'result'])
    .where('task_id', '=', task)
    .where('state', '=', 'done')
    .where('kind', 'in', ['input', 'model'])
    .execute()
  const lastSeen = Math.max(0, ...steps.filter(({ kind }) => kind === 'model').map(({ n }) => n))
  const unseen = steps
    .filter(({ kind, n }) => kind === 'input' && n > lastSeen)
    .map(({ result }) => fromJson<{ task: string }>(result ?? '{}').task)
  if (unseen.length === 0) return []
  const requeued = await trx
    .updateTable('task')
    .set({ state: 'queued', into_task: null, ended_at: null })
    .where('id', 'in', unseen)
    .where('into_task', '=', task)
    .returning('id')
    .execute()
  return requeued.map(({ id }) => id)
}
