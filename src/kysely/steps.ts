import type { StepRecord } from '../storage.ts'
import type { Database, Trx } from './database.ts'
import { stepVersion } from './nouns.ts'
import { preparedWrite } from './prepared.ts'
import type { StepRow } from './schema.ts'

/**
 * Writes a step. A row that is finished stays as it is: nothing that ended may be told differently later. One that was
 * handed back as `unknown` without a result is not finished: the next attempt finds out what became of the call.
 */
export function writeStep(db: Database) {
  const insert = preparedWrite<Omit<StepRow, 'version'>>((slot) =>
    db
      .insertInto('step')
      .values({
        task_id: slot('task_id'),
        n: slot('n'),
        kind: slot('kind'),
        state: slot('state'),
        version: stepVersion,
        attempt: slot('attempt'),
        name: slot('name'),
        effect: slot('effect'),
        call: slot('call'),
        result: slot('result'),
        input_tokens: slot('input_tokens'),
        output_tokens: slot('output_tokens'),
        started_at: slot('started_at'),
        ended_at: slot('ended_at'),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['task_id', 'n'])
          .doUpdateSet((e) => ({
            state: e.ref('excluded.state'),
            attempt: e.ref('excluded.attempt'),
            result: e.ref('excluded.result'),
            ended_at: e.ref('excluded.ended_at'),
          }))
          .where((e) =>
            e.or([
              e('step.state', '=', 'started'),
              e.and([e('step.state', '=', 'unknown'), e('step.result', 'is', null)]),
            ]),
          ),
      ),
  )
  return async (trx: Trx, task: string, attempt: number, step: StepRecord): Promise<void> => {
    await insert(trx, {
      task_id: task,
      n: step.n,
      kind: step.kind,
      state: step.state,
      attempt,
      name: step.name,
      effect: step.effect,
      // `undefined` is nothing to JSON, and would be a missing argument here.
      call: step.call == null ? null : JSON.stringify(step.call),
      result: step.result == null ? null : JSON.stringify(step.result),
      input_tokens: step.usage.inputTokens,
      output_tokens: step.usage.outputTokens,
      started_at: step.startedAt,
      ended_at: step.endedAt,
    })
  }
}
