import type { ClaimedTask } from '../storage.ts'
import { type Database, decide, type Trx } from './database.ts'
import { emptyBody } from './deliveries.ts'
import { fromJson, toStep } from './nouns.ts'
import { fixed, prepared, preparedWrite } from './prepared.ts'
import type { TaskRow } from './schema.ts'
import { isTask } from './states.ts'

type Claimable = TaskRow & { address: string; parts: string }

export function claimQueries(db: Database) {
  const findNext = prepared<{ session: string }, Claimable>((slot) =>
    db
      .selectFrom('task')
      .innerJoin('session', 'session.id', 'task.session_id')
      .innerJoin('message', 'message.id', 'task.message_id')
      .selectAll('task')
      .select(['session.address', 'message.parts'])
      .where('task.session_id', '=', slot('session'))
      .where(isTask('queued'))
      .where((e) =>
        e.not(
          e.exists(
            e
              .selectFrom('task as running')
              .select('running.id')
              .where('running.session_id', '=', slot('session'))
              .where(isTask('running', 'running')),
          ),
        ),
      )
      .orderBy('task.order_seq')
      .limit(fixed(1)),
  )
  const start = preparedWrite<{ id: string; at: number; attempt: number }>((slot) =>
    db
      .updateTable('task')
      .set({ state: 'running', attempt: slot('attempt'), started_at: slot('at') })
      .where('id', '=', slot('id'))
      .where(isTask('queued')),
  )

  return { claim, claimNext }

  function claim(session: string, at: number): Promise<ClaimedTask | null> {
    return decide(db, (trx) => claimNext(trx, session, at))
  }

  /** Starts the session's oldest queued task, unless one runs. */
  async function claimNext(trx: Trx, session: string, at: number): Promise<ClaimedTask | null> {
    const [next] = await findNext(trx, { session })
    if (next === undefined) return null
    const attempt = next.attempt + 1
    if ((await start(trx, { id: next.id, at, attempt })) === 0) return null
    const task: ClaimedTask = {
      id: next.id,
      session: next.session_id,
      address: next.address,
      agent: next.agent,
      attempt,
      crashes: next.crashes,
      alone: next.alone === 1,
      destination: next.destination === null ? null : fromJson(next.destination),
      context: fromJson(next.context),
      message: { id: next.message_id, parts: fromJson(next.parts) },
      steps: [],
      draft: null,
      parts: 0,
      cancelRequested: next.cancel_requested_at !== null,
    }
    return attempt === 1 ? task : { ...task, ...(await earlierAttempts(trx, next.id)) }
  }
}

/** What earlier attempts of a task left: their steps, their placeholder, and how many deliveries they made. */
async function earlierAttempts(trx: Trx, task: string): Promise<Pick<ClaimedTask, 'steps' | 'draft' | 'parts'>> {
  const steps = await trx.query.selectFrom('step').selectAll().where('task_id', '=', task).orderBy('n').execute()
  const made = await trx.query
    .selectFrom('delivery')
    .select(['id', 'part', 'target', 'body', 'state'])
    .where('task_id', '=', task)
    .orderBy('part')
    .execute()
  const draft = made.find(({ body, state }) => body === emptyBody && state !== 'discarded')
  return {
    steps: steps.map(toStep),
    draft: draft === undefined ? null : { id: draft.id, part: draft.part, target: draft.target },
    // A draft is counted by whoever uses it.
    parts: Math.max(0, ...made.filter((delivery) => delivery !== draft).map(({ part }) => part + 1)),
  }
}
