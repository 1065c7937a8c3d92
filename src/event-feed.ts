import type { Clock } from './clock.ts'
import { AsyncvError } from './errors.ts'
import type { EventsRequest, EventStore, RecordedEvent } from './recorded-event.ts'

/** Events read at once. */
const batch = 200
/** Ids looked through at once: a read that finds little for its reader must keep nobody else waiting. */
const walk = 2_000
/** What is heard is only a hint: without one it is looked anyway. ms. */
const lookEveryMs = 1_000
/** How often old events are forgotten. ms. */
const pruneEveryMs = 60_000

/** A reader that has seen all there was. */
interface Waiting {
  seen: number
  wake(): void
  fail(error: unknown): void
}

/**
 * Lets readers follow what happens, each at its own pace, from the database: no event is held for anybody. Readers that
 * have seen everything wait together: one look at where the events end serves all of them, and wakes those that it shows
 * something new.
 */
export class EventFeed {
  readonly #store: EventStore
  readonly #clock: Clock
  readonly #keepMs: number
  readonly #waiting = new Set<Waiting>()
  /** Where the events ended when it was last looked. */
  #last = 0
  #looking = false
  /** Something was committed since the last look began. */
  #stale = false
  /** Set while somebody waits. */
  #cancelLook: (() => void) | null = null
  #cancelPrune: () => void = () => {}
  #closed = false

  constructor(store: EventStore, clock: Clock, keepMs: number) {
    this.#store = store
    this.#clock = clock
    this.#keepMs = keepMs
  }

  open(): void {
    this.#prune()
  }

  /** Something was committed. */
  hear(): void {
    this.#stale = true
    void this.#look()
  }

  close(): void {
    this.#closed = true
    this.#cancelPrune()
    for (const { wake } of this.#waiting) wake()
  }

  async follow(request: EventsRequest): Promise<AsyncIterable<RecordedEvent>> {
    if (this.#keepMs === 0) {
      throw new AsyncvError('events_off', 'This runtime keeps no events.', { hint: 'Set events.keepMs, in ms.' })
    }
    return this.#from(await this.#begin(request.after), request)
  }

  async *#from(begin: number, { after: _, signal, ...within }: EventsRequest): AsyncGenerator<RecordedEvent> {
    const over = (): boolean => signal?.aborted === true || this.#closed
    let seen = begin
    while (!over()) {
      const last = this.#last
      while (seen < last) {
        const upTo = Math.min(last, seen + walk)
        const events = await this.#store.events({ after: seen, upTo, limit: batch, ...within })
        // Numbers follow one another while nothing is forgotten. Looked at afterwards, so that nothing is in between.
        if (events[0]?.id !== seen + 1) {
          const first = (await this.#store.eventRange())?.first ?? seen + 1
          if (first > seen + 1 && seen > 0) throw keptNoMore(seen, first)
          if (first > seen + 1) {
            // Who has seen none begins with the oldest that is kept.
            seen = first - 1
            continue
          }
        }
        for (const event of events) {
          yield event
          seen = event.id
        }
        // What else there is up to there is not for this reader.
        if (events.length < batch) seen = upTo
        if (over()) return
        // A database in this process answers without letting the event loop go round.
        if (seen < last) await new Promise<void>((resolve) => this.#clock.soon(resolve))
      }
      await this.#beyond(seen, signal)
    }
  }

  async #begin(after: number | undefined): Promise<number> {
    const { first, last } = (await this.#store.eventRange()) ?? { first: 1, last: 0 }
    this.#last = Math.max(this.#last, last)
    if (after === undefined) return last
    if (after > last) {
      // As after a restore of the database: what was seen is not what is there.
      throw new AsyncvError('events_gone', `There is no event ${after}; the last one is ${last}.`, {
        hint: `Begin behind ${last}, and look up what may have changed meanwhile.`,
      })
    }
    if (after === 0 || after >= first - 1) return after
    throw keptNoMore(after, first)
  }

  /** Waits for an event behind that one; resolves as well when the reader leaves or the runtime stops. */
  #beyond(seen: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#last > seen || this.#closed || signal?.aborted) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiting)
        signal?.removeEventListener('abort', waiting.wake)
        if (this.#waiting.size > 0) return
        this.#cancelLook?.()
        this.#cancelLook = null
      }
      const waiting: Waiting = {
        seen,
        wake() {
          leave()
          resolve()
        },
        fail(error) {
          leave()
          reject(error)
        },
      }
      this.#waiting.add(waiting)
      signal?.addEventListener('abort', waiting.wake, { once: true })
      this.#cancelLook ??= this.#clock.after(lookEveryMs, () => this.#lookAgain())
      if (this.#stale) void this.#look()
    })
  }

  #lookAgain(): void {
    this.#cancelLook = this.#clock.after(lookEveryMs, () => this.#lookAgain())
    void this.#look()
  }

  async #look(): Promise<void> {
    if (this.#looking || this.#waiting.size === 0) return
    this.#looking = true
    this.#stale = false
    try {
      this.#last = Math.max(this.#last, (await this.#store.eventRange())?.last ?? 0)
      for (const { seen, wake } of this.#waiting) if (seen < this.#last) wake()
    } catch (error) {
      for (const { fail } of this.#waiting) fail(error)
    } finally {
      this.#looking = false
    }
    if (this.#stale) void this.#look()
  }

  #prune(): void {
    if (this.#keepMs === 0 || this.#closed) return
    const again = async (): Promise<void> => {
      // A disk that takes nothing now may do so in a minute.
      const more = await this.#store.pruneEvents(this.#clock.now() - this.#keepMs).catch(() => false)
      this.#cancelPrune = this.#clock.after(more ? 0 : pruneEveryMs, () => void again())
      if (this.#closed) this.#cancelPrune()
    }
    void again()
  }
}

function keptNoMore(seen: number, first: number): AsyncvError {
  return new AsyncvError('events_gone', `Events from ${seen + 1} to ${first - 1} are kept no more.`, {
    hint: `Begin behind ${first - 1}, and look up what may have changed meanwhile.`,
  })
}
