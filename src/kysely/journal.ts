import type { MessagePart } from '../message.ts'
import type { AbsorbedMessage, Fence, StepRecord } from '../storage.ts'
import { type Database, decide, fencedOut, type Trx } from './database.ts'
import { fromJson } from './nouns.ts'
import { preparedWrite } from './prepared.ts'
import { isTask } from './states.ts'
import { writeStep } from './steps.ts'

/** What the row of an `input` step holds. */
export interface InputStepResult {
  /** The task whose message was taken up. */
  task: string
  message: string
  parts: MessagePart[]
}

export function journalQueries(db: Database) {
  // A write that changes nothing: where transactions run side by side it keeps the row until this one has ended.
  const hold = preparedWrite<Fence>((slot) =>
    db
      .updateTable('task')
      .set((e) => ({ attempt: e.ref('attempt') }))
      .where('id', '=', slot('task'))
      .where(isTask('running'))
      .where('attempt', '=', slot('attempt')),
  )
  const release = preparedWrite<Fence>((slot) =>
    db
      .updateTable('task')
      .set({ state: 'queued', started_at: null })
      .where('id', '=', slot('task'))
      .where(isTask('running'))
      .where('attempt', '=', slot('attempt')),
  )
  const write = writeStep(db)

  return { journal, absorb, handBack }

  function journal(fence: Fence, steps: readonly StepRecord[]): Promise<void> {
    return decide(db, async (trx) => {
      if ((await hold(trx, { task: fence.task, attempt: fence.attempt })) === 0) throw fencedOut(fence)
      for (const step of steps) await write(trx, fence.task, fence.attempt, step)
    })
  }

  function absorb(fence: Fence, n: number, at: number): Promise<AbsorbedMessage[]> {
    return decide(db, async (trx) => {
      if ((await hold(trx, { task: fence.task, attempt: fence.attempt })) === 0) throw fencedOut(fence)
      const waiting = await waitingToSteer(trx, fence.task)
      for (const [index, { task, message }] of waiting.entries()) {
        await trx.query
          .updateTable('task')
          .set({ state: 'absorbed', into_task: fence.task, ended_at: at })
          .where('id', '=', task)
          .where(isTask('queued'))
          .execute()
        await write(trx, fence.task, fence.attempt, inputStep(n + index, { task, message }, at))
      }
      return waiting
    })
  }

  function handBack(fence: Fence, steps: readonly StepRecord[], _at: number): Promise<void> {
    return decide(db, async (trx) => {
      if ((await release(trx, { task: fence.task, attempt: fence.attempt })) === 0) throw fencedOut(fence)
      for (const step of steps) await write(trx, fence.task, fence.attempt, step)
    })
  }
}

/** Queued tasks of the running task's session that ask to be taken up, oldest first. */
async function waitingToSteer(trx: Trx, running: string): Promise<AbsorbedMessage[]> {
  const rows = await trx.query
    .selectFrom('task')
    .innerJoin('message', 'message.id', 'task.message_id')
    .select(['task.id', 'message.id as message', 'message.parts'])
    .where('task.session_id', '=', (e) =>
      e.selectFrom('task as mine').select('mine.session_id').where('mine.id', '=', running),
    )
    .where(isTask('queued'))
    .where('task.when_busy', '=', 'steer')
    // Queued again after a `/stop` that meant it: it only waits for its end.
    .where('task.cancel_requested_at', 'is', null)
    // One that ran before has a life of its own: its steps are not to be forgotten.
    .where('task.attempt', '=', 0)
    .orderBy('task.order_seq')
    .execute()
  return rows.map(({ id, message, parts }) => ({ task: id, message: { id: message, parts: fromJson(parts) } }))
}

function inputStep(n: number, { task, message }: AbsorbedMessage, at: number): StepRecord {
  const usage = { inputTokens: 0, outputTokens: 0 }
  const result: InputStepResult = { task, message: message.id, parts: message.parts }
  return {
    n,
    kind: 'input',
    state: 'done',
    name: null,
    effect: null,
    call: null,
    result,
    usage,
    startedAt: at,
    endedAt: at,
  }
}
