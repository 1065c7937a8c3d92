import type { Trx } from '../database/open.ts'
import { uuidv7 } from '../id.ts'

/** Deliveries that are settled are kept for so long. ms. */
const keptMs = 30 * 24 * 3_600_000

/** Writes what is to be sent to every webhook that asked for this event, in the transaction that does what it tells. */
export async function announce(
  trx: Trx,
  event: string,
  data: Readonly<Record<string, unknown>>,
  at: number,
): Promise<void> {
  const webhooks = await trx.selectFrom('webhook').select(['id', 'events']).execute()
  for (const { id, events } of webhooks) {
    if ((JSON.parse(events) as string[]).includes(event)) await writeDelivery(trx, id, event, data, at)
  }
  const old = trx.deleteFrom('webhook_delivery').where('created_at', '<', at - keptMs)
  await old.where('state', '!=', 'pending').execute()
}

/** The body is what Standard Webhooks have: a type, a time, and the data. */
export async function writeDelivery(
  trx: Trx,
  webhook: string,
  event: string,
  data: Readonly<Record<string, unknown>>,
  at: number,
): Promise<void> {
  const body = JSON.stringify({ type: event, timestamp: new Date(at).toISOString(), data })
  await trx
    .insertInto('webhook_delivery')
    .values({
      id: uuidv7(at),
      webhook_id: webhook,
      event,
      body,
      state: 'pending',
      attempts: 0,
      next_at: at,
      problem: null,
      created_at: at,
    })
    .execute()
}
