import type { LiveEvent } from '../event.ts'

export type LiveListener = (event: LiveEvent) => void

/**
 * Carries what tasks are writing at the moment to the readers of their streams. Nothing of it is stored: a reader that
 * joins late gets a snapshot, one that joins after the end reads the answer from the database.
 */
export class LiveHub {
  readonly #listeners = new Map<string, Set<LiveListener>>()
  readonly #feeds = new Map<string, LiveFeed>()

  /** Hears one task, also before it starts; returns how to stop hearing. */
  subscribe(task: string, listener: LiveListener): () => void {
    let listeners = this.#listeners.get(task)
    if (listeners === undefined) this.#listeners.set(task, (listeners = new Set()))
    listeners.add(listener)
    const snapshot = this.#feeds.get(task)?.snapshot()
    if (snapshot !== undefined) listener(snapshot)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(task) === listeners) this.#listeners.delete(task)
    }
  }

  /** A task starts writing. Call `close` on the feed when it ends. */
  open(task: string, attempt: number): LiveFeed {
    const feed = new LiveFeed(
      task,
      attempt,
      (event) => {
        const listeners = this.#listeners.get(task)
        if (listeners !== undefined) for (const listener of listeners) listener(event)
      },
      () => {
        if (this.#feeds.get(task) === feed) this.#feeds.delete(task)
      },
    )
    this.#feeds.set(task, feed)
    return feed
  }
}

/** What one attempt of a task has written; the run fills it, readers and the chat's placeholder look at it. */
export class LiveFeed {
  /** Stops carrying; the text can still be read. */
  readonly close: () => void
  readonly #task: string
  readonly #attempt: number
  readonly #emit: LiveListener
  #n = 0
  #text = ''

  constructor(task: string, attempt: number, emit: LiveListener, close: () => void) {
    this.#task = task
    this.#attempt = attempt
    this.#emit = emit
    this.close = close
  }

  /** The text of the model call under way, or of the last one. */
  get text(): string {
    return this.#text
  }

  /** Model call `n` begins. */
  begin(n: number): void {
    this.#n = n
    this.#text = ''
  }

  write(text: string): void {
    this.#text += text
    this.#emit({ type: 'text.delta', task: this.#task, attempt: this.#attempt, n: this.#n, text })
  }

  reason(text: string): void {
    this.#emit({ type: 'reasoning.delta', task: this.#task, attempt: this.#attempt, n: this.#n, text })
  }

  /** The model call starts over; what it wrote is void. */
  reset(): void {
    if (this.#text === '') return
    this.#text = ''
    this.#emit({ type: 'text.reset', task: this.#task, attempt: this.#attempt, n: this.#n })
  }

  toolStarted(n: number, call: { callId: string; name: string; args: unknown }): void {
    const { callId, name, args } = call
    this.#emit({ type: 'tool.started', task: this.#task, attempt: this.#attempt, n, callId, name, args })
  }

  toolFinished(n: number, call: { callId: string; name: string }, result: unknown, isError: boolean): void {
    const { callId, name } = call
    this.#emit({ type: 'tool.finished', task: this.#task, attempt: this.#attempt, n, callId, name, result, isError })
  }

  snapshot(): LiveEvent | undefined {
    if (this.#text === '') return undefined
    return { type: 'text.snapshot', task: this.#task, attempt: this.#attempt, n: this.#n, text: this.#text }
  }
}
