import type { FilePart, ModelMessage, Part } from '../message.ts'
import { HeldBytes } from './held-bytes.ts'

/**
 * As many of the largest calls have their files in memory at once. A provider holds a file several times over (its bytes,
 * their base64, the request), so that this is a gigabyte at most with the default of `files.maxCallBytes`.
 */
const largestCalls = 4

/** The files that model calls carry: those of one call are limited, and so are those of all calls under way. */
export class CallFiles {
  /** The bytes of a file that a message names; null when they are kept no more. */
  readonly read: (part: FilePart) => Promise<Uint8Array | null>
  readonly #maxCallBytes: number
  readonly #held: HeldBytes

  constructor(maxCallBytes: number, read: CallFiles['read']) {
    this.read = read
    this.#maxCallBytes = maxCallBytes
    this.#held = new HeldBytes(largestCalls * maxCallBytes)
  }

  /**
   * The messages as one call carries them, and how many bytes of files those are. The newest files go first; in the place
   * of others the model reads that they were there.
   */
  fit(messages: readonly ModelMessage[]): { messages: readonly ModelMessage[]; bytes: number } {
    const bytes = bytesOf(messages)
    if (bytes <= this.#maxCallBytes) return { messages, bytes }
    let left = this.#maxCallBytes
    const fitting = messages.toReversed().map((message): ModelMessage => {
      const parts = message.parts.toReversed().map((part): Part => {
        if (!isFile(part)) return part
        if (part.size > left)
          return { type: 'text', text: `[The file ${part.name} was sent earlier and is not sent again.]` }
        left -= part.size
        return part
      })
      return { ...message, parts: parts.reverse() }
    })
    return { messages: fitting.reverse(), bytes: this.#maxCallBytes - left }
  }

  /** Waits for room for the files of a call; what it resolves with ends that. */
  hold(bytes: number, signal: AbortSignal): Promise<() => void> {
    return this.#held.hold(bytes, signal)
  }
}

/** A file that is named twice is said twice. */
function bytesOf(messages: readonly ModelMessage[]): number {
  let bytes = 0
  for (const { parts } of messages) for (const part of parts) if (isFile(part)) bytes += part.size
  return bytes
}

function isFile(part: Part): part is FilePart {
  return part.type === 'file' || part.type === 'image' || part.type === 'audio'
}
