import { theProgram } from '../audit.ts'
import type { Asyncv } from '../api.ts'
import type { Clock } from '../clock.ts'
import { AsyncvError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import { known } from './known.ts'

type Decisions = Pick<Asyncv, 'cancel' | 'retry' | 'retryDelivery' | 'discardDelivery'>

/** What becomes of a task, or of a delivery, by the word of who may say it. First it is on disk, then it is done. */
export function deciding({ running, clock }: { running(): Runtime; clock: Clock }): Decisions {
  return {
    async cancel(id, by) {
      const open = running()
      const outcome = await known('task', id, open.storage.cancel(id, clock.now(), by))
      if (outcome.type === 'requested') open.lanes.cancel(id, false)
      if (outcome.type === 'cancelled') {
        open.emit({ type: 'task.cancelled', at: clock.now(), task: id, session: outcome.session })
        open.replies.settle(id, { type: 'cancelled' })
      }
      return known('task', id, open.storage.task(id))
    },

    async retry(id, by = theProgram) {
      const open = running()
      const ids = { task: clock.id(), message: clock.id() }
      const outcome = await known('task', id, open.storage.retry(id, ids, clock.now(), by))
      if (outcome.type === 'refused') {
        throw new AsyncvError('state_conflict', `Task ${id} is ${outcome.state}.`, {
          hint: 'Only failed and cancelled tasks can be retried.',
          task: id,
        })
      }
      if (outcome.type === 'queued') {
        open.emit({ type: 'task.requeued', at: clock.now(), task: outcome.task, session: outcome.session })
        open.lanes.queued(outcome.address, outcome.session, 'queue')
      }
      return known('task', outcome.task, open.storage.task(outcome.task))
    },

    async retryDelivery(id, by = theProgram) {
      const open = running()
      openAgain(id, open, await known('delivery', id, open.storage.retryDelivery(id, clock.now(), by)))
      return known('delivery', id, open.storage.delivery(id))
    },

    async discardDelivery(id, by = theProgram) {
      const open = running()
      openAgain(id, open, await known('delivery', id, open.storage.discardDelivery(id, clock.now(), by)))
      return known('delivery', id, open.storage.delivery(id))
    },
  }
}

function openAgain(id: string, { outbox }: Runtime, outcome: { destination: string } | { state: string }): void {
  if ('destination' in outcome) return outbox.wake(outcome.destination)
  throw new AsyncvError('state_conflict', `Delivery ${id} is ${outcome.state}.`, {
    hint: 'Only held and dead deliveries wait for a decision.',
  })
}
