import { type Deferred, deferred } from '../internal/deferred.ts'

/** Lets one through at a time, in the order of asking; the next one enters the moment the last one leaves. */
export class Turnstile {
  #occupied = false
  readonly #waiting: Deferred<void>[] = []

  /** Resolves when it is the caller's turn; null when that is now. */
  enter(): Promise<void> | null {
    if (!this.#occupied) {
      this.#occupied = true
      return null
    }
    const turn = deferred<void>()
    this.#waiting.push(turn)
    return turn.promise
  }

  leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#occupied = false
    else next.resolve()
  }
}
