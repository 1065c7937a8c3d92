import type { Asyncv } from '../api.ts'
import type { Clock } from '../clock.ts'
import type { Delivery } from '../delivery.ts'
import { AsyncvError } from '../errors.ts'
import { textOf } from '../message.ts'
import { postDrafts } from '../outbox/post.ts'
import type { Runtime } from '../runtime.ts'
import type { DeliveryDraft } from '../storage.ts'
import { keyUsed } from './reused-key.ts'

/** The program says something in a chat by itself. */
export function posting({ running, clock }: { running(): Runtime; clock: Clock }): Pick<Asyncv, 'post'> {
  return {
    async post(input) {
      const open = running()
      const account = open.connections.find(input.connector)
      if (account === null) {
        throw new AsyncvError('connector_unknown', `There is no connector ${JSON.stringify(input.connector)}.`, {
          hint: `Connected: ${open.connections.connected.join(', ') || 'none'}.`,
        })
      }
      const drafts = postDrafts(input, account.address, account.connector.supports.textLimit, clock)
      const written = await open.storage.post(drafts, clock.now())
      const [first] = written
      if (first === undefined) throw new AsyncvError('internal', 'The delivery was not written.')
      const same = drafts.every((draft, part) => sameWords(written[part], draft))
      if (!same) throw keyUsed(input.idempotencyKey)
      open.outbox.wake(first.destination)
      return first
    },
  }
}

/** Whether what stands under a key is what was to be written there now. */
function sameWords(written: Delivery | undefined, draft: DeliveryDraft): boolean {
  return (
    written !== undefined && written.destination === draft.destination && textOf(written.body) === textOf(draft.body)
  )
}
