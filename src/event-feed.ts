import type { Clock } from './clock.ts'
import { AsyncvError } from './errors.ts'
import type { EventsRequest, EventStore, RecordedEvent } from './recorded-event.ts'

/** Events read at once. */
const batch = 200
/** What is heard is only a hint: without one it is looked anyway. ms. */
const lookEveryMs = 1_000
/** How often old events are forgotten. ms. */
const pruneEveryMs = 60_000

/** Lets readers follow what happens, each at its own pace, from the database: no event is held for anybody. */
export class EventFeed {
  readonly #store: EventStore
  readonly #clock: Clock
  readonly #keepMs: number
  readonly #waiting = new Set<() => void>()
  #heard = 0
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
    this.#heard++
    for (const wake of this.#waiting) wake()
  }

  close(): void {
    this.#closed = true
    this.#cancelPrune()
    this.hear()
  }

  async follow(request: EventsRequest): Promise<AsyncIterable<RecordedEvent>> {
    if (this.#keepMs === 0) {
      throw new AsyncvError('events_off', 'This runtime keeps no events.', { hint: 'Set events.keepMs, in ms.' })
    }
    return this.#from(await this.#begin(request.after), request)
  }

  async *#from(begin: number, { after: _, signal, ...within }: EventsRequest): AsyncGenerator<RecordedEvent> {
    let seen = begin
    while (signal?.aborted !== true && !this.#closed) {
      const heard = this.#heard
      const last = (await this.#store.eventRange())?.last ?? seen
      while (seen < last) {
        const events = await this.#store.events({ after: seen, upTo: last, limit: batch, ...within })
        for (const event of events) {
          yield event
          seen = event.id
        }
        // What else there is up to there is not for this reader.
        if (events.length < batch) seen = last
      }
      if (heard === this.#heard) await this.#change(signal)
    }
  }

  async #begin(after: number | undefined): Promise<number> {
    const range = await this.#store.eventRange()
    if (after === undefined) return range?.last ?? 0
    if (range === null || after === 0 || after >= range.first - 1) return after
    throw new AsyncvError('events_gone', `Events from ${after + 1} to ${range.first - 1} are kept no more.`, {
      hint: `Begin behind ${range.first - 1}, and look up what may have changed meanwhile.`,
    })
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    if (this.#closed || signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel()
        this.#waiting.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const cancel = this.#clock.after(lookEveryMs, wake)
      this.#waiting.add(wake)
      signal?.addEventListener('abort', wake, { once: true })
    })
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
