import { aborted } from '../internal/abandoning.ts'
import { type Deferred, deferred } from '../internal/deferred.ts'

/**
 * How many bytes of files all model calls may have in memory together. A call that finds no room waits until others have
 * ended, in order: a large one is not overtaken for ever by small ones.
 */
export class HeldBytes {
  readonly #most: number
  #held = 0
  readonly #waiting: { share: number; turn: Deferred<void> }[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** Resolves when there is room, with what gives it back. Rejects with the signal's reason when that is aborted before. */
  async hold(bytes: number, signal: AbortSignal): Promise<() => void> {
    // What would never fit is let in when it is alone.
    const share = Math.min(bytes, this.#most)
    if (this.#waiting.length === 0 && this.#held + share <= this.#most) this.#held += share
    else await this.#turn(share, signal)
    return () => this.#giveBack(share)
  }

  async #turn(share: number, signal: AbortSignal): Promise<void> {
    const place = { share, turn: deferred<void>() }
    this.#waiting.push(place)
    try {
      await Promise.race([place.turn.promise, aborted(signal)])
    } catch (error) {
      const index = this.#waiting.indexOf(place)
      if (index >= 0) this.#waiting.splice(index, 1)
      // Its turn came in the moment in which it left.
      this.#giveBack(index >= 0 ? 0 : share)
      throw error
    }
  }

  #giveBack(share: number): void {
    this.#held -= share
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#held + next.share > this.#most) return
      this.#held += next.share
      this.#waiting.shift()
      next.turn.resolve()
    }
  }
}
