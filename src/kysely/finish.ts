import type { FinishedTask, FinishOutcome } from '../storage.ts'
import { AsyncvError } from '../errors.ts'
import type { claimQueries } from './claim.ts'
import { type Database, decide, fencedOut, type Trx } from './database.ts'
import { discardDrafts, emptyBody, insertDelivery } from './deliveries.ts'
import type { InputStepResult } from './journal.ts'
import { fromJson } from './nouns.ts'
import { fixed, prepared, preparedWrite } from './prepared.ts'
import { isOpenDelivery, isTask } from './states.ts'
import { writeStep } from './steps.ts'

/** The commit that ends a task: its turn, its end, its deliveries, and the start of the next one. */
export function finishQueries(db: Database, { claimNext }: ReturnType<typeof claimQueries>) {
  const end = preparedWrite<{
    task: string
    attempt: number
    outcome: FinishedTask['outcome']
    error: string | null
    turn: string
    turnTokens: number
    inputTokens: number
    outputTokens: number
    at: number
  }>((slot) =>
    db
      .updateTable('task')
      .set({
        state: slot('outcome'),
        error: slot('error'),
        turn: slot('turn'),
        turn_tokens: slot('turnTokens'),
        input_tokens: slot('inputTokens'),
        output_tokens: slot('outputTokens'),
        ended_at: slot('at'),
      })
      .where('id', '=', slot('task'))
      .where(isTask('running'))
      .where('attempt', '=', slot('attempt')),
  )
  const findQueued = prepared<{ session: string }, { id: string }>((slot) =>
    db
      .selectFrom('task')
      .select('id')
      .where('session_id', '=', slot('session'))
      .where(isTask('queued'))
      .limit(fixed(1)),
  )
  const write = writeStep(db)
  const writeDelivery = insertDelivery(db)

  return { finish }

  function finish(finished: FinishedTask): Promise<FinishOutcome> {
    const { fence, session, outcome, turn, at } = finished
    const { task, attempt } = fence
    const { inputTokens, outputTokens } = finished.usage
    return decide(db, async (trx) => {
      const error = finished.error === null ? null : JSON.stringify(finished.error)
      const ended = await end(trx, {
        task,
        attempt,
        inputTokens,
        outputTokens,
        outcome,
        error,
        turn: JSON.stringify(turn.messages),
        turnTokens: turn.tokens,
        at,
      })
      if (ended === 0) throw fencedOut(fence)
      for (const step of finished.steps) await write(trx, task, attempt, step)
      if (finished.draft !== null) await fillDraft(trx, task, finished.draft)
      else if (outcome !== 'done') await discardDrafts(trx, task, at)
      for (const delivery of finished.deliveries) await writeDelivery(trx, delivery, at)
      const requeued = outcome === 'done' ? [] : await requeueUnseen(trx, task)
      if (finished.next === 'nothing') return { next: null, more: requeued.length > 0, requeued }
      const next = finished.next === 'claim' ? await claimNext(trx, session, at) : null
      const more = (await findQueued(trx, { session })).length > 0
      return { next, more, requeued }
    })
  }
}

/** The placeholder gets its final text. Without a placeholder the answer would be lost, so then nothing is kept. */
async function fillDraft(trx: Trx, task: string, draft: NonNullable<FinishedTask['draft']>): Promise<void> {
  const filled = await trx.query
    .updateTable('delivery')
    .set({
      body: JSON.stringify(draft.body),
      kind: draft.kind,
      state: draft.state,
      attempt: draft.state === 'sending' ? 1 : 0,
      next_at: null,
    })
    .where('id', '=', draft.id)
    .where('task_id', '=', task)
    .where('body', '=', emptyBody)
    .where(isOpenDelivery())
    .returning('id')
    .execute()
  if (filled.length > 0) return
  throw new AsyncvError('state_conflict', `Delivery ${draft.id} is no open placeholder of task ${task}.`, { task })
}

/**
 * Messages that the task took up and no finished model call of it has seen: they get their own answers after all. Their
 * input steps go, or the task would answer them too when it is retried.
 */
async function requeueUnseen(trx: Trx, task: string): Promise<string[]> {
  const absorbed = await trx.query.selectFrom('task').select('id').where('into_task', '=', task).execute()
  if (absorbed.length === 0) return []
  const steps = await trx.query
    .selectFrom('step')
    .select(['n', 'kind', 'result'])
    .where('task_id', '=', task)
    .where('state', '=', 'done')
    .where('kind', 'in', ['input', 'model'])
    .orderBy('n')
    .execute()
  const lastSeen = Math.max(0, ...steps.filter(({ kind }) => kind === 'model').map(({ n }) => n))
  const unseen = steps
    .filter(({ kind, n }) => kind === 'input' && n > lastSeen)
    .map(({ result }) => fromJson<InputStepResult>(result ?? '{}').task)
  if (unseen.length === 0) return []
  const requeued = await trx.query
    .updateTable('task')
    .set({ state: 'queued', into_task: null, ended_at: null })
    .where('id', 'in', unseen)
    .where('into_task', '=', task)
    .where('state', '=', 'absorbed')
    .returning('id')
    .execute()
  await trx.query
    .deleteFrom('step')
    .where('task_id', '=', task)
    .where('kind', '=', 'input')
    .where('n', '>', lastSeen)
    .execute()
  return unseen.filter((id) => requeued.some((row) => row.id === id))
}
