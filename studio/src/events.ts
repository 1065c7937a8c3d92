/** What pages that are open are told of, so that they ask again. Nothing is kept: who was away asks for everything anyway. */
import type { z } from 'zod'
import type { studioEvent } from './schemas/events.ts'

export type StudioEvent = z.infer<typeof studioEvent>

export interface Events {
  /** After the commit of what it tells. */
  emit(event: StudioEvent): void
  /** From now on, until the signal is aborted. Who reads too slowly is told `events.missed` in the place of what was lost. */
  follow(signal: AbortSignal): AsyncGenerator<StudioEvent>
}

/** What waits for one reader. */
const atMost = 256

interface Reader {
  waiting: StudioEvent[]
  rouse(): void
}

export function createEvents(): Events {
  const readers = new Set<Reader>()
  return {
    emit(event) {
      for (const reader of readers) {
        if (reader.waiting.length < atMost) reader.waiting.push(event)
        else reader.waiting = [{ type: 'events.missed' }]
        reader.rouse()
      }
    },
    follow(signal) {
      // Before the first pull: what happens from the call on is told.
      const reader: Reader = { waiting: [], rouse() {} }
      if (!signal.aborted) readers.add(reader)
      signal.addEventListener('abort', () => {
        readers.delete(reader)
        reader.rouse()
      })
      return read(reader, signal)
    },
  }

  async function* read(reader: Reader, signal: AbortSignal): AsyncGenerator<StudioEvent> {
    try {
      while (!signal.aborted) {
        const next = reader.waiting.shift()
        if (next !== undefined) yield next
        else await new Promise<void>((resolve) => (reader.rouse = resolve))
      }
    } finally {
      readers.delete(reader)
    }
  }
}
