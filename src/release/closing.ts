/** The end of parts: those that were replaced, when nothing uses them any more, and those that were made for nothing. */
import type { Clock } from '../clock.ts'
import type { Connector } from '../connector.ts'
import { atMost, closeMs } from '../internal/abandoning.ts'
import type { Provider } from '../provider.ts'
import { keyOf, type Made } from './compose.ts'

export class Closing {
  readonly #clock: Clock
  readonly #retiring = new Set<Promise<void>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Closes providers that are in force no more, once `unused` resolves; connectors close after their last send. */
  retire(before: Made, now: Made, unused: Promise<void>): void {
    const kept = new Set([...now.values()].map(({ part }) => part))
    const dropped = [...before].filter(([key, { part }]) => key.startsWith(keyOf('provider', '')) && !kept.has(part))
    const retiring = unused.then(() => this.close(dropped.map(([, { part }]) => part as Provider)))
    this.#retiring.add(retiring)
    void retiring.then(() => this.#retiring.delete(retiring))
  }

  /** Each has a moment to close; one that fails is left behind. */
  async close(parts: Iterable<Provider | Connector>): Promise<void> {
    await Promise.allSettled([...parts].map((part) => atMost(closeMs, this.#clock, () => part.close?.())))
  }

  /** Resolves when all that was replaced is closed, or nobody can say when that will be. */
  async done(): Promise<void> {
    await atMost(closeMs, this.#clock, () => Promise.allSettled(this.#retiring)).catch(() => {})
  }
}
