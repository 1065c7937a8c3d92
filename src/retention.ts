import type { Clock } from './clock.ts'
import type { RetentionOptions } from './options.ts'
import type { Forgettable, Storage } from './storage.ts'

/** How long after the start it is looked for the first time, so that a start has other things to do. ms. */
const firstAfterMs = 60_000
/** How often it is looked for what is not kept any more. ms. */
const everyMs = 6 * 60 * 60_000
/** Between two pieces, so that messages hardly notice. ms. */
const pauseMs = 10

/** In the order in which one makes the next possible: a session is forgotten when nothing of it is left. */
const conversations: readonly Forgettable[] = ['tasks', 'commands', 'sessions']
/** A post is recognised by the key that it keeps itself. */
const recognising: readonly Forgettable[] = ['posts', 'dedupe']

/**
 * Forgets what was said and done when it has been kept for as long as it is to be. What still waits, runs, is to be sent
 * or has to be decided about by an operator is kept, however old it is. The keys that recognise a repeat outlive it.
 */
export class Retention {
  readonly #storage: Pick<Storage, 'forget'>
  readonly #clock: Clock
  readonly #options: Required<RetentionOptions>
  readonly #onFailure: (error: unknown) => void
  #sweeping: Promise<void> = Promise.resolve()
  #cancel: () => void = () => {}
  #wake: () => void = () => {}
  #closed = false

  constructor(
    storage: Pick<Storage, 'forget'>,
    clock: Clock,
    options: Required<RetentionOptions>,
    onFailure: (error: unknown) => void,
  ) {
    this.#storage = storage
    this.#clock = clock
    this.#options = options
    this.#onFailure = onFailure
  }

  open(): void {
    if (this.#options.conversationsMs > 0) this.#later(firstAfterMs)
  }

  /** Waits for the piece under way. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancel()
    this.#wake()
    await this.#sweeping
  }

  #later(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      this.#sweeping = this.#sweep()
        // What could not be forgotten now is found again.
        .catch(this.#onFailure)
        .then(() => (this.#closed ? undefined : this.#later(everyMs)))
    })
  }

  async #sweep(): Promise<void> {
    const { conversationsMs, dedupeMs } = this.#options
    const now = this.#clock.now()
    for (const what of conversations) await this.#walk(what, now - conversationsMs)
    for (const what of recognising) await this.#walk(what, now - Math.max(conversationsMs, dedupeMs))
  }

  async #walk(what: Forgettable, before: number): Promise<void> {
    let after: string | null = null
    while (!this.#closed) {
      after = await this.#storage.forget(what, before, after)
      if (after === null) return
      await this.#pause()
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(pauseMs, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}
