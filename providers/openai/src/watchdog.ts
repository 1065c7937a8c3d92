import type { Deadline } from './errors.ts'
import type { Timeouts } from './options.ts'

/**
 * Watches the clock for one exchange. One timer, which is set again when it fires too early: bytes only note the time.
 * (undici's own timeouts count in steps of about a second, so they are off.)
 */
export class Watchdog {
  readonly #timeouts: Timeouts
  readonly #onLate: (which: Deadline, ms: number) => void
  readonly #startedAt = performance.now()
  /** When the last sign of life came; null before the first byte. */
  #heardAt: number | null = null
  #timer: NodeJS.Timeout

  constructor(timeouts: Timeouts, onLate: (which: Deadline, ms: number) => void) {
    this.#timeouts = timeouts
    this.#onLate = onLate
    this.#timer = this.#set(this.#startedAt)
  }

  /** Bytes arrived. */
  hear(): void {
    this.#heardAt = performance.now()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #set(now: number): NodeJS.Timeout {
    // Before the first byte a pause can begin at any moment, so the timer never sleeps longer than one may last.
    const due = Math.min(this.#deadline().at, now + this.#timeouts.gapMs)
    return setTimeout(() => this.#look(), Math.max(1, Math.ceil(due - now)))
  }

  #look(): void {
    const now = performance.now()
    const { which, at } = this.#deadline()
    if (now >= at) this.#onLate(which, this.#timeouts[which])
    else this.#timer = this.#set(now)
  }

  #deadline(): { which: Deadline; at: number } {
    const { firstByteMs, gapMs, totalMs } = this.#timeouts
    const total = this.#startedAt + totalMs
    const next = this.#heardAt === null ? this.#startedAt + firstByteMs : this.#heardAt + gapMs
    if (total <= next) return { which: 'totalMs', at: total }
    return { which: this.#heardAt === null ? 'firstByteMs' : 'gapMs', at: next }
  }
}
