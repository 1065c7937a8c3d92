/** Deliveries that are due: sent until they are taken, over restarts, for a day. */
import type { Database } from '../database/open.ts'
import type { Sealer } from '../keys/seal.ts'
import type { Sender, Sent } from './send.ts'
import { signedHeads } from './signature.ts'

export interface DeliverPorts {
  db: Database
  sealer: Sealer
  sender: Sender
  now: () => number
}

export interface DeliveryJob {
  id: string
  webhook: string
  url: string
  sealedSecret: string | null
  body: string
  attempts: number
}

/** At most this many are read at once. */
const atOnce = 64
const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** From one attempt to the next: the beginning of what Standard Webhooks advise, and a day in all. ms. */
const pauses = [5_000, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs, 6.4 * hourMs]

/** The last of them, and the tenth that may be added. */
const longestMs = 11 * hourMs

/**
 * The first that is due of each webhook, since one that does not answer must not keep the others', and when the next will be.
 * What waits longer than anything is made to wait was written before the clock was set back, and is due.
 */
export async function dueDeliveries(db: Database, now: number): Promise<{ due: DeliveryJob[]; nextAt: number | null }> {
  const inOrder = db
    .selectFrom('webhook_delivery')
    .select('id')
    .select(({ fn }) =>
      fn
        .agg<number>('row_number')
        .over((is) => is.partitionBy('webhook_id').orderBy('next_at').orderBy('id'))
        .as('place'),
    )
    .where('state', '=', 'pending')
    .where((is) => is.or([is('next_at', '<=', now), is('next_at', '>', now + longestMs)]))
  const rows = await db
    .selectFrom(inOrder.as('waiting'))
    .innerJoin('webhook_delivery', 'webhook_delivery.id', 'waiting.id')
    .innerJoin('webhook', 'webhook.id', 'webhook_delivery.webhook_id')
    .select(['webhook_delivery.id', 'webhook_id', 'url', 'sealed_secret', 'body', 'attempts'])
    .where('place', '=', 1)
    .orderBy('next_at')
    .orderBy('webhook_delivery.id')
    .limit(atOnce)
    .execute()
  const next = await db
    .selectFrom('webhook_delivery')
    .select('next_at')
    .where('state', '=', 'pending')
    .where('next_at', '>', now)
    .orderBy('next_at')
    .limit(1)
    .executeTakeFirst()
  const due = rows.map(({ webhook_id: webhook, sealed_secret: sealedSecret, ...row }) => ({
    ...row,
    webhook,
    sealedSecret,
  }))
  return { due, nextAt: next?.next_at ?? null }
}

export async function deliver(job: DeliveryJob, ports: DeliverPorts, signal: AbortSignal): Promise<void> {
  const { db, sealer, sender, now } = ports
  const { id, webhook, url, sealedSecret, body } = job
  const secret = sealedSecret === null ? null : sealer.open(secretPlace(webhook), sealedSecret)
  const sent: Sent =
    secret === null
      ? { type: 'failed', problem: 'its secret cannot be opened: Studio has another key now', forGood: true }
      : await sender.send({ url, body, heads: signedHeads({ id, body, at: now() }, secret), signal })
  const attempts = job.attempts + 1
  await db
    .updateTable('webhook_delivery')
    .set(outcomeOf(sent, attempts, now()))
    .where('id', '=', id)
    .execute()
}

function outcomeOf(sent: Sent, attempts: number, at: number) {
  if (sent.type === 'taken') return { state: 'sent', attempts, next_at: null, problem: null } as const
  const { problem } = sent
  const pause = pauses[attempts - 1]
  if (sent.forGood || pause === undefined) return { state: 'dead', attempts, next_at: null, problem } as const
  // Up to a tenth later, so that what failed together does not come again together.
  const nextAt = at + Math.round(pause * (1 + Math.random() / 10))
  return { state: 'pending', attempts, next_at: nextAt, problem } as const
}

export function secretPlace(webhook: string): string {
  return `webhook/${webhook}`
}
