import type { DeliveryDraft } from '../storage.ts'
import type { Database, Trx } from './database.ts'
import { preparedWrite } from './prepared.ts'
import type { DeliveryRow } from './schema.ts'
import { isOpenDelivery } from './states.ts'

type NewDelivery = Pick<
  DeliveryRow,
  'id' | 'key' | 'task_id' | 'message_id' | 'part' | 'kind' | 'destination' | 'body' | 'state' | 'attempt'
> & { at: number }

/** Writes a delivery at the end of its destination's order. The first of a key is kept; gives whether this is it. */
export function insertDelivery(db: Database) {
  const insert = (slot: <Name extends keyof NewDelivery>(name: Name) => NewDelivery[Name]) =>
    db.insertInto('delivery').values({
      id: slot('id'),
      key: slot('key'),
      task_id: slot('task_id'),
      message_id: slot('message_id'),
      part: slot('part'),
      kind: slot('kind'),
      destination: slot('destination'),
      target: null,
      body: slot('body'),
      state: slot('state'),
      attempt: slot('attempt'),
      next_at: null,
      uncertain_count: 0,
      error: null,
      created_at: slot('at'),
      retried_at: null,
      settled_at: null,
    })
  const insertForTask = preparedWrite<NewDelivery>((slot) =>
    insert(slot).onConflict((conflict) =>
      conflict.columns(['task_id', 'part']).where('task_id', 'is not', null).doNothing(),
    ),
  )
  const insertByKey = preparedWrite<NewDelivery>((slot) =>
    insert(slot).onConflict((conflict) => conflict.column('key').where('task_id', 'is', null).doNothing()),
  )
  return async (trx: Trx, draft: DeliveryDraft, at: number): Promise<boolean> => {
    const { id, key, task, message, part, kind, destination, state } = draft
    const written = await (task === null ? insertByKey : insertForTask)(trx, {
      id,
      key,
      task_id: task,
      message_id: message,
      part,
      kind,
      destination,
      body: JSON.stringify(draft.body),
      state,
      attempt: state === 'sending' ? 1 : 0,
      at,
    })
    return written > 0
  }
}

/** How a placeholder without its final text is told from other deliveries. */
export const emptyBody = '[]'

/** A placeholder whose task has ended without it must not hold up its destination for ever. */
export async function discardDrafts(trx: Trx, task: string, at: number): Promise<void> {
  await trx.query
    .updateTable('delivery')
    .set({ state: 'discarded', settled_at: at })
    .where('task_id', '=', task)
    .where('body', '=', emptyBody)
    .where(isOpenDelivery())
    .execute()
}
