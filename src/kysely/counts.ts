import type { RawBuilder, SqlBool } from 'kysely'
import type { UnsettledState } from '../delivery.ts'
import type { Storage, StorageCounts } from '../storage.ts'
import { type Database, read } from './database.ts'
import { isOpenDelivery, isPendingTask, isStuckDelivery, isTask, wasUncertain } from './states.ts'

const noDeliveries: Record<UnsettledState, number> = {
  pending: 0,
  sending: 0,
  retrying: 0,
  uncertain: 0,
  held: 0,
  dead: 0,
}

/** Asked for every few seconds by whoever watches, so that each count has an index of the few rows it is about. */
export function countQueries(db: Database): Pick<Storage, 'counts'> {
  return { counts }

  function counts(): Promise<StorageCounts> {
    return read(async () => {
      const tasks = [...(await byState('task', isPendingTask())), ...(await byState('task', isTask('running')))]
      const deliveries = [
        ...(await byState('delivery', isOpenDelivery())),
        ...(await byState('delivery', isStuckDelivery())),
      ]
      const uncertain = await db
        .selectFrom('delivery')
        .select((e) => e.fn.sum<number | null>('uncertain_count').as('sends'))
        .where(wasUncertain())
        .executeTakeFirst()
      // Counts may come as text where they are wider than a double.
      const open = (state: 'queued' | 'running') => Number(tasks.find((row) => row.state === state)?.count ?? 0)
      return {
        tasks: { queued: open('queued'), running: open('running') },
        deliveries: {
          ...noDeliveries,
          ...Object.fromEntries(deliveries.map(({ state, count }) => [state, Number(count)])),
        },
        uncertainSends: Number(uncertain?.sends ?? 0),
      }
    })
  }

  function byState(table: 'task' | 'delivery', condition: RawBuilder<SqlBool>) {
    return db
      .selectFrom(table)
      .select((e) => ['state', e.fn.countAll<number>().as('count')])
      .where(condition)
      .groupBy('state')
      .execute()
  }
}
