import type { PostInput } from '../api.ts'
import type { Clock } from '../clock.ts'
import { AsyncvError } from '../errors.ts'
import { checkId } from '../internal/check-id.ts'
import { addressOf } from '../session.ts'
import type { DeliveryDraft } from '../storage.ts'
import { splitText } from './split.ts'

/** What the program says of its own accord, as deliveries: one for each slice that the platform takes. */
export function postDrafts(input: PostInput, address: string, textLimit: number, clock: Clock): DeliveryDraft[] {
  const { conversation, thread, text, idempotencyKey } = input
  if (text.trim() === '') {
    throw new AsyncvError('input_invalid', 'The post has no text.', { hint: 'Write at least one character.' })
  }
  const place = thread === undefined ? { account: address, conversation } : { account: address, conversation, thread }
  const destination = addressOf(place)
  const slices = text.length <= textLimit ? [text] : splitText(text, textLimit)
  const name =
    idempotencyKey === undefined ? clock.id() : `${named(address)}/${checkId('idempotencyKey', idempotencyKey)}`
  return slices.map(
    (slice, part): DeliveryDraft => ({
      id: clock.id(),
      // The caller's own words come last, so that no key of theirs reads like a piece of another post.
      key: `post/${part}/${name}`,
      task: null,
      message: null,
      part,
      kind: 'post',
      destination,
      body: [{ type: 'text', text: slice }],
      state: 'pending',
    }),
  )
}

/** Keeps "/" for the key's own use. */
function named(address: string): string {
  return address.replaceAll('%', '%25').replaceAll('/', '%2F')
}
