/** Webhooks: who is told outside when releases are published, applied, refused or drifted. */
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import { type Actor, append } from '../audit/append.ts'
import type { Database, Trx } from '../database/open.ts'
import type { WebhookRow } from '../database/tables.ts'
import { startDueLoop } from '../due-loop.ts'
import { Problem } from '../http/problem.ts'
import { uuidv7 } from '../id.ts'
import type { Sealer } from '../keys/seal.ts'
import type { Logger } from '../logger.ts'
import type {
  createdWebhook,
  webhook as webhookSchema,
  webhookChange,
  webhookDeliveryPage,
  webhookDeliveryQuery,
  webhookRequest,
} from '../schemas/webhooks.ts'
import { addressProblem, hostOf } from './address.ts'
import { announce, writeDelivery } from './announce.ts'
import { deliver, dueDeliveries, secretPlace } from './deliver.ts'
import { createSender } from './send.ts'
import { newWebhookSecret } from './signature.ts'

type Webhook = z.infer<typeof webhookSchema>

export interface Webhooks {
  list(): Promise<Webhook[]>
  /** The secret is told this once. */
  create(by: Actor, request: z.output<typeof webhookRequest>): Promise<z.infer<typeof createdWebhook>>
  change(by: Actor, id: string, change: z.output<typeof webhookChange>): Promise<Webhook>
  /** Its deliveries go with it. */
  delete(by: Actor, id: string): Promise<void>
  deliveries(id: string, query: z.output<typeof webhookDeliveryQuery>): Promise<z.infer<typeof webhookDeliveryPage>>
  /** From the beginning, under the same id. */
  sendAgain(id: string, delivery: string): Promise<void>
  /** A delivery of type `webhook.test`. */
  test(by: Actor, id: string): Promise<void>
  /** For the transaction that does it; `wake` once that is committed. */
  announce(trx: Trx, event: string, data: Readonly<Record<string, unknown>>): Promise<void>
  wake(): void
  close(): Promise<void>
}

export interface WebhookPorts {
  db: Database
  sealer: Sealer
  now: () => number
  logger: Logger
  /** Whether they may lead into private networks. */
  allowPrivate: boolean
}

/** Begins to send what is due. */
export function openWebhooks({ db, sealer, now, logger, allowPrivate }: WebhookPorts): Webhooks {
  const sender = createSender({ allowPrivate })
  const sending = startDueLoop({
    name: 'sending webhooks',
    look: () => dueDeliveries(db, now()),
    keyOf: ({ webhook }) => webhook,
    run: (job, signal) => deliver(job, { db, sealer, sender, now }, signal),
    now,
    logger,
  })
  return {
    list,
    create,
    change,
    delete: remove,
    deliveries,
    sendAgain,
    test,
    announce: tell,
    wake: sending.wake,
    close,
  }

  async function list(): Promise<Webhook[]> {
    return db.transaction().execute(async (trx) => {
      const rows = await trx.selectFrom('webhook').selectAll().orderBy('id').execute()
      const shown: Webhook[] = []
      for (const row of rows) shown.push(await toWebhook(trx, row))
      return shown
    })
  }

  async function create(by: Actor, { url, events, secret = newWebhookSecret() }: z.output<typeof webhookRequest>) {
    checkUrl(url)
    return db.transaction().execute(async (trx) => {
      const at = now()
      const id = uuidv7(at)
      const sealed = sealer.seal(secretPlace(id), secret)
      await trx
        .insertInto('webhook')
        .values({ id, url, events: JSON.stringify(events), sealed_secret: sealed, created_at: at, created_by: by.id })
        .execute()
      await append(trx, { at, by, action: 'webhook.created', target: id, detail: { host: hostOf(url), events } })
      return { ...(await toWebhook(trx, await rowOf(trx, id))), secret }
    })
  }

  async function change(by: Actor, id: string, { url, events }: z.output<typeof webhookChange>): Promise<Webhook> {
    if (url !== undefined) checkUrl(url)
    return db.transaction().execute(async (trx) => {
      const before = await rowOf(trx, id)
      const after = { url: url ?? before.url, events: events === undefined ? before.events : JSON.stringify(events) }
      await trx.updateTable('webhook').set(after).where('id', '=', id).execute()
      const detail = {
        host: [hostOf(before.url), hostOf(after.url)],
        address: before.url === after.url ? 'the same' : 'another',
        events: [before.events, after.events],
      }
      await append(trx, { at: now(), by, action: 'webhook.changed', target: id, detail })
      return toWebhook(trx, await rowOf(trx, id))
    })
  }

  async function remove(by: Actor, id: string): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const { url } = await rowOf(trx, id)
      await trx.deleteFrom('webhook').where('id', '=', id).execute()
      await append(trx, { at: now(), by, action: 'webhook.deleted', target: id, detail: { host: hostOf(url) } })
    })
  }

  async function deliveries(id: string, { limit, cursor }: z.output<typeof webhookDeliveryQuery>) {
    return db.transaction().execute(async (trx) => {
      await rowOf(trx, id)
      let query = trx.selectFrom('webhook_delivery').selectAll().where('webhook_id', '=', id)
      if (cursor !== undefined) query = query.where('id', '<', cursor)
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute()
      const data = rows
        .slice(0, limit)
        .map(({ id, event, state, attempts, next_at: nextAt, problem, created_at: createdAt }) => ({
          ...{ id, event, state, attempts, nextAt, problem, createdAt },
        }))
      return { data, nextCursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
    })
  }

  async function sendAgain(id: string, delivery: string): Promise<void> {
    const { numUpdatedRows } = await db
      .updateTable('webhook_delivery')
      .set({ state: 'pending', attempts: 0, next_at: now(), problem: null })
      .where('id', '=', delivery)
      .where('webhook_id', '=', id)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) {
      throw new Problem('webhook_unknown', `There is no delivery ${JSON.stringify(delivery)} of this webhook.`, {
        hint: 'Settled deliveries are kept for 30 days.',
      })
    }
    sending.wake()
  }

  async function test(by: Actor, id: string): Promise<void> {
    await db.transaction().execute(async (trx) => {
      await rowOf(trx, id)
      await writeDelivery(trx, id, 'webhook.test', { by: by.login }, now())
    })
    sending.wake()
  }

  async function tell(trx: Trx, event: string, data: Readonly<Record<string, unknown>>): Promise<void> {
    await announce(trx, event, data, now())
  }

  async function close(): Promise<void> {
    await sending.close()
    await sender.close()
  }

  function checkUrl(url: string): void {
    const problem = addressProblem(url, { allowPrivate })
    if (problem === null) return
    throw new Problem('input_invalid', `The address ${problem}.`, { errors: [{ pointer: '/url', detail: problem }] })
  }
}

async function rowOf(trx: Trx, id: string): Promise<Selectable<WebhookRow>> {
  const row = await trx.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst()
  if (row !== undefined) return row
  throw new Problem('webhook_unknown', `There is no webhook ${JSON.stringify(id)}.`)
}

async function toWebhook(trx: Trx, { id, url, events, created_at }: Selectable<WebhookRow>): Promise<Webhook> {
  const last = await trx
    .selectFrom('webhook_delivery')
    .select(['state', 'problem', 'created_at as at'])
    .where('webhook_id', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { id, url, events: JSON.parse(events) as Webhook['events'], createdAt: created_at, last: last ?? null }
}
