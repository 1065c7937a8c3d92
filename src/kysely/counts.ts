import type { DeliveryState } from '../delivery.ts'
import type { Storage, StorageCounts } from '../storage.ts'
import { type Database, read } from './database.ts'
import { isOpenTask } from './states.ts'

const noDeliveries: Record<DeliveryState, number> = {
  pending: 0,
  sending: 0,
  sent: 0,
  retrying: 0,
  uncertain: 0,
  held: 0,
  dead: 0,
  discarded: 0,
}

export function countQueries(db: Database): Pick<Storage, 'counts'> {
  return { counts }

  function counts(): Promise<StorageCounts> {
    return read(async () => {
      const tasks = await db
        .selectFrom('task')
        .select((e) => ['state', e.fn.countAll<number>().as('count')])
        .where(isOpenTask())
        .groupBy('state')
        .execute()
      const deliveries = await db
        .selectFrom('delivery')
        .select((e) => [
          'state',
          e.fn.countAll<number>().as('count'),
          e.fn.sum<number>('uncertain_count').as('uncertain'),
        ])
        .groupBy('state')
        .execute()
      // Counts may come as text where they are wider than a double.
      const open = (state: 'queued' | 'running') => Number(tasks.find((row) => row.state === state)?.count ?? 0)
      return {
        tasks: { queued: open('queued'), running: open('running') },
        deliveries: {
          ...noDeliveries,
          ...Object.fromEntries(deliveries.map(({ state, count }) => [state, Number(count)])),
        },
        uncertainSends: deliveries.reduce((sum, { uncertain }) => sum + Number(uncertain ?? 0), 0),
      }
    })
  }
}
