import type { AbsorbedMessage, Fence, StepRecord } from '../storage.ts'
import { type Database, decide, fencedOut, type Trx } from './database.ts'
import { fromJson } from './nouns.ts'
import { prepared } from './prepared.ts'
import { writeStep } from './steps.ts'

export function journalQueries(db: Database) {
  const holds = prepared<Fence, { id: string }>((slot) =>
    db
      .selectFrom('task')
      .select('id')
      .where('id', '=', slot('task'))
      .where('state', '=', 'running')
      .where('attempt', '=', slot('attempt')),
  )
  const release = prepared<Fence, { id: string }>((slot) =>
    db
      .updateTable('task')
      .set({ state: 'queued', started_at: null })
      .where('id', '=', slot('task'))
      .where('state', '=', 'running')
      .where('attempt', '=', slot('attempt'))
      .returning('id'),
  )
  const write = writeStep(db)

  return { journal, absorb, handBack }

  function journal(fence: Fence, steps: readonly StepRecord[]): Promise<void> {
    return decide(db, async (trx) => {
      if ((await holds(trx, fence)).length === 0) throw fencedOut(fence)
      for (const step of steps) await write(trx, fence.task, fence.attempt, step)
    })
  }

  function absorb(fence: Fence, n: number, at: number): Promise<AbsorbedMessage[]> {
    return decide(db, async (trx) => {
      if ((await holds(trx, fence)).length === 0) throw fencedOut(fence)
      const waiting = await waitingToSteer(trx, fence.task)
      for (const [index, { task, message }] of waiting.entries()) {
        await trx
          .updateTable('task')
          .set({ state: 'absorbed', into_task: fence.task, ended_at: at })
          .where('id', '=', task)
          .where('state', '=', 'queued')
          .execute()
        await write(trx, fence.task, fence.attempt, inputStep(n + index, { task, message }, at))
      }
      return waiting
    })
  }

  function handBack(fence: Fence, steps: readonly StepRecord[], _at: number): Promise<void> {
    return decide(db, async (trx) => {
      if ((await release(trx, fence)).length === 0) throw fencedOut(fence)
      for (const step of steps) await write(trx, fence.task, fence.attempt, step)
    })
  }
}

/** Queued tasks of the running task's session that ask to be taken up, oldest first. */
async function waitingToSteer(trx: Trx, running: string): Promise<AbsorbedMessage[]> {
  const rows = await trx
    .selectFrom('task')
    .innerJoin('message', 'message.task_id', 'task.id')
    .select(['task.id', 'message.id as message', 'message.parts'])
    .where('task.session_id', '=', (e) =>
      e.selectFrom('task as mine').select('mine.session_id').where('mine.id', '=', running),
    )
    .where('task.state', '=', 'queued')
    .where('task.when_busy', '=', 'steer')
    // One that ran before has a life of its own: its steps are not to be forgotten.
    .where('task.attempt', '=', 0)
    .orderBy('task.order_seq')
    .execute()
  return rows.map(({ id, message, parts }) => ({ task: id, message: { id: message, parts: fromJson(parts) } }))
}

function inputStep(n: number, { task, message }: AbsorbedMessage, at: number): StepRecord {
  const usage = { inputTokens: 0, outputTokens: 0 }
  const result = { task, ...message }
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
