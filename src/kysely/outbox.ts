import type { Delivery, DeliveryState } from '../delivery.ts'
import type { DeliveryDraft, Settlement, Taken } from '../storage.ts'
import { type Database, decide, type Trx } from './database.ts'
import { emptyBody, insertDelivery } from './deliveries.ts'
import { toDelivery } from './nouns.ts'
import { prepared } from './prepared.ts'
import type { DeliveryRow } from './schema.ts'

export function outboxQueries(db: Database) {
  const write = insertDelivery(db)
  const findEarliest = prepared<{ destination: string }, DeliveryRow>((slot) =>
    db
      .selectFrom('delivery')
      .selectAll()
      .where('destination', '=', slot('destination'))
      .where('state', 'in', ['pending', 'sending', 'retrying', 'uncertain'])
      .orderBy('seq')
      .limit(1),
  )
  const markSending = prepared<{ id: string; attempt: number }>((slot) =>
    db
      .updateTable('delivery')
      .set({ state: 'sending', attempt: slot('attempt'), next_at: null })
      .where('id', '=', slot('id')),
  )
  const settleRow = prepared<{
    id: string
    attempt: number
    state: DeliveryState
    target: string | null
    nextAt: number | null
    uncertain: number
    error: string | null
    settledAt: number | null
  }>((slot) =>
    db
      .updateTable('delivery')
      .set((e) => ({
        state: slot('state'),
        target: slot('target'),
        next_at: slot('nextAt'),
        uncertain_count: e('uncertain_count', '+', slot('uncertain')),
        error: slot('error'),
        settled_at: slot('settledAt'),
      }))
      .where('id', '=', slot('id'))
      .where('state', '=', 'sending')
      .where('attempt', '=', slot('attempt')),
  )

  return { post, place, take, settle, retryDelivery, discardDelivery }

  function post(drafts: readonly DeliveryDraft[], at: number): Promise<Delivery[]> {
    return decide(db, async (trx) => {
      const written: Delivery[] = []
      for (const draft of drafts) {
        const row = (await write(trx, draft, at)) ?? (await findByKey(trx, draft.key))
        written.push(toDelivery(row))
      }
      return written
    })
  }

  function place(delivery: string, target: string): Promise<void> {
    return decide(db, async (trx) => {
      await trx
        .updateTable('delivery')
        .set({ target, state: 'pending' })
        .where('id', '=', delivery)
        .where('state', '=', 'sending')
        .execute()
    })
  }

  function take(destination: string, at: number): Promise<Taken> {
    return decide(db, async (trx): Promise<Taken> => {
      const [row] = await findEarliest(trx, { destination })
      if (row === undefined) return { type: 'idle' }
      if (row.state === 'sending' || row.body === emptyBody) return { type: 'blocked' }
      if (row.next_at !== null && row.next_at > at) return { type: 'later', at: row.next_at }
      const attempt = row.attempt + 1
      await markSending(trx, { id: row.id, attempt })
      const delivery = toDelivery({ ...row, state: 'sending', attempt, next_at: null })
      return { type: 'delivery', delivery, wasUncertain: row.state === 'uncertain' }
    })
  }

  function settle(
    { id, attempt, target }: { id: string; attempt: number; target: string | null },
    settlement: Settlement,
    at: number,
  ): Promise<void> {
    const none = { id, attempt, target, nextAt: null, uncertain: 0, error: null, settledAt: null }
    return decide(db, async (trx) => {
      switch (settlement.type) {
        case 'sent':
          return void (await settleRow(trx, { ...none, state: 'sent', target: settlement.target, settledAt: at }))
        case 'repost':
          return void (await settleRow(trx, {
            ...none,
            state: 'retrying',
            target: null,
            error: JSON.stringify(settlement.error),
          }))
      }
      const error = JSON.stringify(settlement.error)
      switch (settlement.type) {
        case 'retrying':
          return void (await settleRow(trx, { ...none, state: 'retrying', nextAt: settlement.nextAt, error }))
        case 'uncertain':
          return void (await settleRow(trx, {
            ...none,
            state: 'uncertain',
            nextAt: settlement.nextAt,
            uncertain: 1,
            error,
          }))
        case 'held':
          return void (await settleRow(trx, { ...none, state: 'held', uncertain: 1, error, settledAt: at }))
        case 'dead':
          return void (await settleRow(trx, { ...none, state: 'dead', error, settledAt: at }))
      }
    })
  }

  function retryDelivery(id: string, at: number) {
    return decideByHand(id, { state: 'retrying', next_at: at, settled_at: null, attempt: 0 })
  }

  function discardDelivery(id: string, at: number) {
    return decideByHand(id, { state: 'discarded', settled_at: at })
  }

  /** An operator decides what becomes of a delivery that nothing else moves any more. */
  function decideByHand(
    id: string,
    change: Partial<DeliveryRow>,
  ): Promise<{ destination: string } | { state: DeliveryState } | null> {
    return decide(db, async (trx) => {
      const row = await trx
        .selectFrom('delivery')
        .select(['destination', 'state'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) return null
      if (row.state !== 'held' && row.state !== 'dead') return { state: row.state }
      await trx.updateTable('delivery').set(change).where('id', '=', id).execute()
      return { destination: row.destination }
    })
  }
}

function findByKey(trx: Trx, key: string): Promise<DeliveryRow> {
  return trx.selectFrom('delivery').selectAll().where('key', '=', key).executeTakeFirstOrThrow()
}
