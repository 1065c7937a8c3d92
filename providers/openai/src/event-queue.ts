import type { ModelEvent } from 'asyncv'

/**
 * The events between the socket that brings them and the loop that takes them. Deltas that lie here together become one:
 * a reader that is slower than the model gets fewer and longer ones.
 */
export class EventQueue implements AsyncIterator<ModelEvent, undefined> {
  readonly #onReturn: () => void
  readonly #onDrained: () => void
  #events: ModelEvent[] = []
  #taken = 0
  #closed = false
  #waiting: ((result: IteratorResult<ModelEvent, undefined>) => void) | null = null
  /** Length of the texts that lie here, UTF-16 units. */
  #waitingText = 0

  /** `onReturn`: the reader has left. `onDrained`: it asks for an event and none is here. */
  constructor(onReturn: () => void, onDrained: () => void) {
    this.#onReturn = onReturn
    this.#onDrained = onDrained
  }

  get waitingText(): number {
    return this.#waitingText
  }

  /** Adds an event; `flush` shows it to a reader who waits. */
  push(event: ModelEvent): void {
    if (event.type === 'text.delta' || event.type === 'reasoning.delta') {
      this.#waitingText += event.text.length
      const last = this.#events.length > this.#taken ? this.#events.at(-1) : undefined
      if (last?.type === event.type) {
        last.text += event.text
        return
      }
    }
    this.#events.push(event)
  }

  flush(): void {
    if (this.#waiting === null) return
    const result = this.#take()
    if (result === null) return
    const resolve = this.#waiting
    this.#waiting = null
    resolve(result)
  }

  /** No more events follow those that are here. */
  close(): void {
    this.#closed = true
    this.flush()
  }

  /** As `close`, and what is here is not given out any more. */
  discard(): void {
    this.#events = []
    this.#taken = 0
    this.close()
  }

  next(): Promise<IteratorResult<ModelEvent, undefined>> {
    const result = this.#take()
    if (result !== null) return Promise.resolve(result)
    this.#onDrained()
    return new Promise((resolve) => {
      this.#waiting = resolve
    })
  }

  return(): Promise<IteratorResult<ModelEvent, undefined>> {
    this.discard()
    this.#onReturn()
    return Promise.resolve(over)
  }

  #take(): IteratorResult<ModelEvent, undefined> | null {
    const event = this.#events[this.#taken]
    if (event === undefined) return this.#closed ? over : null
    if (++this.#taken === this.#events.length) {
      this.#events = []
      this.#taken = 0
      this.#waitingText = 0
    }
    return { value: event, done: false }
  }
}

const over = { value: undefined, done: true } as const
