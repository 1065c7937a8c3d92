import type { DeliveryDraft } from '../storage.ts'
import type { Database, Trx } from './database.ts'
import { prepared } from './prepared.ts'
import type { DeliveryRow } from './schema.ts'
import { isOpenDelivery } from './states.ts'

/** Writes a delivery at the end of its destination's order. The first of a key is kept. */
export function insertDelivery(db: Database) {
  const insert = prepared<{
    id: string
    key: string
    task: string | null
    message: string | null
    part: number
    kind: DeliveryRow['kind']
    destination: string
    body: string
    state: DeliveryRow['state']
    attempt: number
    at: number
  }>((slot) =>
    db
      .insertInto('delivery')
      .values((e) => ({
        id: slot('id'),
        key: slot('key'),
        task_id: slot('task'),
        message_id: slot('message'),
        part: slot('part'),
        kind: slot('kind'),
        destination: slot('destination'),
        seq: e
          .selectFrom('delivery as earlier')
          .select((s) => s(s.fn.coalesce(s.fn.max('earlier.seq'), s.lit(0)), '+', 1).as('seq'))
          .where('earlier.destination', '=', slot('destination')),
        target: null,
        body: slot('body'),
        state: slot('state'),
        attempt: slot('attempt'),
        next_at: null,
        uncertain_count: 0,
        error: null,
        created_at: slot('at'),
        settled_at: null,
      }))
      .onConflict((conflict) => conflict.column('key').doNothing()),
  )
  return async (trx: Trx, draft: DeliveryDraft, at: number): Promise<void> => {
    await insert(trx, {
      id: draft.id,
      key: draft.key,
      task: draft.task,
      message: draft.message,
      part: draft.part,
      kind: draft.kind,
      destination: draft.destination,
      body: JSON.stringify(draft.body),
      state: draft.state,
      attempt: draft.state === 'sending' ? 1 : 0,
      at,
    })
  }
}

/** How a placeholder without its final text is told from other deliveries. */
export const emptyBody = '[]'

/** A placeholder whose task has ended without it must not hold up its destination for ever. */
export async function discardDrafts(trx: Trx, tasks: readonly string[], at: number): Promise<void> {
  if (tasks.length === 0) return
  await trx
    .updateTable('delivery')
    .set({ state: 'discarded', settled_at: at })
    .where('task_id', 'in', tasks)
    .where('body', '=', emptyBody)
    .where(isOpenDelivery())
    .execute()
}
