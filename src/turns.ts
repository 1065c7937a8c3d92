/** Changes to what is connected, one after the other, and what is told of the one that is under way. */
import type { Clock } from './clock.ts'
import type { ConnectionChange } from './operating.ts'

export type Doing = Pick<ConnectionChange, 'what' | 'name'>

export class Turns {
  readonly #clock: Pick<Clock, 'now'>
  /** The end of the last one; it never rejects. */
  #last: Promise<unknown> = Promise.resolve()
  #now: (Doing & { since: number }) | null = null
  #waiting = 0

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** Carries `change` out when all that were asked for before have ended, however they did. */
  take<Result>(doing: Doing, change: () => Promise<Result>): Promise<Result> {
    this.#waiting++
    const turn = this.#last.then(async () => {
      this.#waiting--
      this.#now = { ...doing, since: this.#clock.now() }
      try {
        return await change()
      } finally {
        this.#now = null
      }
    })
    this.#last = turn.catch(() => {})
    return turn
  }

  /** Resolves when all that were asked for so far have ended. */
  async over(): Promise<void> {
    await this.#last
  }

  /** The one that is under way, while it waits for `connector`; null when none is. */
  underWay(connector: string | null): ConnectionChange | null {
    return this.#now === null ? null : { ...this.#now, waitsFor: connector, waiting: this.#waiting }
  }
}
