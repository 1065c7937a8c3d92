import type { Clock } from '../clock.ts'
import type { DeliveryKind } from '../delivery.ts'
import type { TextPart } from '../message.ts'
import { textOf } from '../message.ts'
import type { ClaimedTask, DeliveryDraft, FinishedTask } from '../storage.ts'
import type { ChatDraft } from './chat-stream.ts'
import { splitText } from './split.ts'

export interface Answer {
  kind: DeliveryKind
  parts: readonly TextPart[]
  /** The destination as an address. */
  destination: string
  textLimit: number
  /** The placeholder that becomes the first slice. */
  draft: ChatDraft | null
  /** The first delivery goes out as soon as it is written. */
  reserved: boolean
}

/** The deliveries of an answer: one for each slice the platform takes, the first in place of the placeholder. */
export function deliveriesOf(
  task: Pick<ClaimedTask, 'id' | 'parts'>,
  answer: Answer,
  clock: Clock,
): Pick<FinishedTask, 'deliveries' | 'draft'> {
  const { kind, destination, draft, reserved } = answer
  const text = textOf(answer.parts)
  const slices = text.length <= answer.textLimit ? [text] : splitText(text, answer.textLimit)
  const [first = ''] = slices
  const placed = draft === null ? [] : [first]
  const state = reserved ? 'sending' : 'pending'
  const firstPart = draft === null ? task.parts : Math.max(task.parts, draft.part + 1)
  const deliveries = slices.slice(placed.length).map((slice, index): DeliveryDraft => {
    const part = firstPart + index
    return {
      id: clock.id(),
      key: `${task.id}/${part}`,
      task: task.id,
      message: null,
      part,
      kind,
      destination,
      body: [{ type: 'text', text: slice }],
      // Only the first of all is born on its way; the others follow it.
      state: placed.length === 0 && index === 0 ? state : 'pending',
    }
  })
  return {
    deliveries,
    draft: draft === null ? null : { id: draft.id, body: [{ type: 'text', text: first }], kind, state },
  }
}
