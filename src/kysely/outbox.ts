import { sql, type UpdateObject } from 'kysely'
import type { Actor } from '../audit.ts'
import type { Deed } from '../audit-store.ts'
import type { Delivery, DeliveryState } from '../delivery.ts'
import { AsyncvError } from '../errors.ts'
import type { DeliveryDraft, Settlement, Taken } from '../storage.ts'
import { appendAudit } from './audit.ts'
import { type Database, decide, notUnderWay, type Trx } from './database.ts'
import { emptyBody, insertDelivery } from './deliveries.ts'
import { toDelivery } from './nouns.ts'
import { fixed, prepared, preparedWrite } from './prepared.ts'
import type { DeliveryRow, Tables } from './schema.ts'
import { isOpenDelivery, isSending, isWaiting } from './states.ts'

type Tried = Pick<Delivery, 'id' | 'attempt' | 'target'>

/** What a settlement makes of a row. */
interface Settled extends Pick<Delivery, 'id' | 'attempt'> {
  state: DeliveryState
  target: string | null
  nextAt: number | null
  /** Added to the count of sends that may have arrived. */
  uncertain: 0 | 1
  error: string | null
  settledAt: number | null
}

export function outboxQueries(db: Database) {
  const write = insertDelivery(db)
  const findEarliest = prepared<{ destination: string }, DeliveryRow>((slot) =>
    db
      .selectFrom('delivery')
      .selectAll()
      .where('destination', '=', slot('destination'))
      .where(isOpenDelivery())
      .orderBy('seq')
      .limit(fixed(1)),
  )
  const markSending = preparedWrite<{ id: string; attempt: number }>((slot) =>
    db
      .updateTable('delivery')
      .set({ state: 'sending', attempt: slot('attempt'), next_at: null })
      .where('id', '=', slot('id'))
      .where(isWaiting()),
  )
  const settleRow = preparedWrite<Settled>((slot) =>
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
      .where(isSending())
      .where('attempt', '=', slot('attempt')),
  )

  return { post, place, take, openDestinations, settle, retryDelivery, discardDelivery }

  /** A list is one thing that is said: when its first key is known, so is the rest, and nothing more is written. */
  function post(drafts: readonly DeliveryDraft[], at: number): Promise<Delivery[]> {
    return decide(db, async (trx) => {
      const standing: Delivery[] = []
      let isNew = true
      for (const [index, draft] of drafts.entries()) {
        if (isNew) {
          const written = await write(trx, draft, at)
          if (index === 0) isNew = written
          else if (!written) throw keyTaken(draft.key)
        }
        const row = await findStanding(trx, draft)
        if (row !== undefined) standing.push(toDelivery(row))
      }
      return standing
    })
  }

  function place(delivery: string, target: string): Promise<void> {
    return decide(db, async (trx) => {
      const placed = await trx.query
        .updateTable('delivery')
        .set({ target, state: 'pending' })
        .where('id', '=', delivery)
        .where(isSending())
        .returning('id')
        .execute()
      if (placed.length === 0) throw notUnderWay(delivery)
    })
  }

  function take(destination: string, at: number): Promise<Taken> {
    return decide(db, async (trx): Promise<Taken> => {
      const [row] = await findEarliest(trx, { destination })
      if (row === undefined) return { type: 'idle' }
      if (row.state === 'sending' || row.body === emptyBody) return { type: 'blocked' }
      if (row.next_at !== null && row.next_at > at) return { type: 'later', at: row.next_at }
      const attempt = row.attempt + 1
      if ((await markSending(trx, { id: row.id, attempt })) === 0) return { type: 'blocked' }
      const delivery = toDelivery({ ...row, state: 'sending', attempt, next_at: null })
      return { type: 'delivery', delivery, wasUncertain: row.state === 'uncertain' }
    })
  }

  function openDestinations(account: string): Promise<string[]> {
    // In a transaction, which takes its turn behind all that is being written.
    return decide(db, async (trx) => {
      const found = await trx.query
        .selectFrom('delivery')
        .select('destination')
        .distinct()
        .where(isOpenDelivery())
        .where('destination', '>', `${account}:`)
        // The character behind the colon: all that begins with the account and a colon, and no other.
        .where('destination', '<', `${account};`)
        .execute()
      return found.map(({ destination }) => destination)
    })
  }

  function settle(tried: Tried, settlement: Settlement, at: number): Promise<void> {
    return decide(db, async (trx) => {
      if ((await settleRow(trx, settled(tried, settlement, at))) === 0) throw notUnderWay(tried.id)
    })
  }

  /** What may have arrived is looked up before it is sent again, where the platform can tell. */
  function retryDelivery(id: string, at: number, by?: Actor) {
    const state = sql<DeliveryState>`case when state = 'held' or uncertain_count > 0 then 'uncertain' else 'retrying' end`
    const deed = { at, by, action: 'delivery.retried' as const }
    return decideByHand(id, deed, { state, next_at: at, retried_at: at, settled_at: null, attempt: 0 })
  }

  function discardDelivery(id: string, at: number, by?: Actor) {
    const deed = { at, by, action: 'delivery.discarded' as const }
    return decideByHand(id, deed, { state: 'discarded', settled_at: at })
  }

  /** An operator decides what becomes of a delivery that nothing else moves any more. */
  function decideByHand(
    id: string,
    { at, by, action }: Pick<Deed, 'at' | 'action'> & { by: Actor | undefined },
    change: UpdateObject<Tables, 'delivery'>,
  ): Promise<{ destination: string } | { state: DeliveryState } | null> {
    return decide(db, async (trx) => {
      const found = await trx.query.selectFrom('delivery').select('state').where('id', '=', id).executeTakeFirst()
      if (found === undefined) return null
      const { state } = found
      if (state !== 'held' && state !== 'dead') return { state }
      const { destination, ...after } = await trx.query
        .updateTable('delivery')
        .set(change)
        .where('id', '=', id)
        .returning(['id', 'state', 'destination'])
        .executeTakeFirstOrThrow()
      if (by !== undefined) await appendAudit(trx, { at, by, action, target: id, before: { id, state }, after })
      return { destination }
    })
  }
}

/** Half of what was to be said is not said. */
function keyTaken(key: string): AsyncvError {
  return new AsyncvError(
    'state_conflict',
    `The key ${JSON.stringify(key)} is another delivery's; nothing of this was written.`,
  )
}

/** What stands under the draft's key, by the index that has it. */
function findStanding(trx: Trx, { key, task, part }: DeliveryDraft): Promise<DeliveryRow | undefined> {
  const all = trx.query.selectFrom('delivery').selectAll()
  const found =
    task === null
      ? all.where('key', '=', key).where('task_id', 'is', null)
      : all.where('task_id', '=', task).where('part', '=', part)
  return found.executeTakeFirst()
}

function settled({ id, attempt, target }: Tried, settlement: Settlement, at: number): Settled {
  if (settlement.type === 'sent') {
    const { target } = settlement
    return { id, attempt, state: 'sent', target, nextAt: null, uncertain: 0, error: null, settledAt: at }
  }
  const same = { id, attempt, target, nextAt: null, uncertain: 0, settledAt: null } as const
  const error = JSON.stringify(settlement.error)
  const uncertain = 'counted' in settlement && settlement.counted ? 1 : 0
  switch (settlement.type) {
    case 'retrying':
      return { ...same, state: 'retrying', nextAt: settlement.nextAt, error }
    case 'uncertain':
      return { ...same, state: 'uncertain', nextAt: settlement.nextAt, uncertain, error }
    case 'held':
    case 'dead':
      return { ...same, state: settlement.type, uncertain, error, settledAt: at }
    case 'repost':
      return { ...same, state: 'retrying', target: null, error }
  }
}
