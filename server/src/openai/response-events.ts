import type { Reply } from 'asyncv'
import { toFrame } from '../event-stream.ts'
import { type Known, itemId, messageItem, responseObject, textPart } from './response-object.ts'

/**
 * The frames of a streamed response, in the order in which clients of the Responses API expect them: the response, its one
 * message, that message's one part, its text piece by piece, and then each of them again, whole.
 */
export class ResponseEvents {
  readonly #known: Omit<Known, 'status'>
  #number = 0

  constructor(known: Omit<Known, 'status'>) {
    this.#known = known
  }

  begin(): string {
    const response = responseObject({ ...this.#known, status: 'in_progress' })
    const item = messageItem(this.#known.task, 'in_progress', null)
    return [
      this.#frame('response.created', { response }),
      this.#frame('response.in_progress', { response }),
      this.#frame('response.output_item.added', { output_index: 0, item }),
      this.#frame('response.content_part.added', { ...this.#place, part: textPart('') }),
    ].join('')
  }

  piece(delta: string): string {
    return this.#frame('response.output_text.delta', { ...this.#place, delta, logprobs: [] })
  }

  /** `text` is what was streamed; with tools in it that is more than the last call's, which is the reply. */
  end({ usage }: Pick<Reply, 'usage'>, text: string): string {
    const { task } = this.#known
    const response = responseObject({ ...this.#known, status: 'completed', text, usage })
    return [
      this.#frame('response.output_text.done', { ...this.#place, text, logprobs: [] }),
      this.#frame('response.content_part.done', { ...this.#place, part: textPart(text) }),
      this.#frame('response.output_item.done', { output_index: 0, item: messageItem(task, 'completed', text) }),
      this.#frame('response.completed', { response }),
    ].join('')
  }

  fail(error: { code: string; message: string }): string {
    const status = error.code === 'cancelled' ? 'cancelled' : 'failed'
    return this.#frame('response.failed', { response: responseObject({ ...this.#known, status, error }) })
  }

  get #place() {
    return { item_id: itemId(this.#known.task), output_index: 0, content_index: 0 }
  }

  #frame(type: string, data: object): string {
    return toFrame(type, { type, sequence_number: this.#number++, ...data })
  }
}
