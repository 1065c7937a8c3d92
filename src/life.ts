import type { StopOptions } from './api.ts'
import type { Clock } from './clock.ts'
import { AsyncvError } from './errors.ts'

export interface LifePorts {
  /** Lets go of what hangs when `hurry` is aborted, and rejects: a stop waits no longer. */
  open(hurry: AbortSignal): Promise<void>
  /** Stops what is open, if anything is. Called again before it has ended, it hastens that stop. */
  close(options: StopOptions): Promise<void>
}

/** How long what runs may go on unless a stop says otherwise. ms. */
export const defaultDrainMs = 30_000

/** Carries starts and stops out one after the other, in the order of the calls; a call for what is so already joins it. */
export class Life {
  readonly #ports: LifePorts
  readonly #clock: Pick<Clock, 'after'>
  /** The last start that no stop has followed; null when there is none, or when it has failed. */
  #started: Promise<void> | null = null
  /** The last stop that has not ended. */
  #stopping: Promise<void> | null = null
  /** The starts that have not ended, each with what ends the stops' waiting for it. */
  readonly #starting = new Map<AbortController, (() => void)[]>()

  constructor(ports: LifePorts, clock: Pick<Clock, 'after'>) {
    this.#ports = ports
    this.#clock = clock
  }

  start(): Promise<void> {
    if (this.#started !== null) return this.#started
    const started = this.#begin(this.#stopping)
    this.#started = started
    started.catch(() => {
      if (this.#started === started) this.#started = null
    })
    return started
  }

  stop(options: StopOptions): Promise<void> {
    const started = this.#started
    this.#started = null
    this.#hasten(options)
    if (this.#stopping !== null && started === null) {
      void this.#ports.close(options)
      return this.#stopping
    }
    const stopping = this.#end(started, options)
    this.#stopping = stopping
    const clear = (): void => {
      if (this.#stopping === stopping) this.#stopping = null
    }
    stopping.then(clear, clear)
    return stopping
  }

  async #begin(before: Promise<void> | null): Promise<void> {
    const hurry = new AbortController()
    this.#starting.set(hurry, [])
    try {
      await before
      await this.#ports.open(hurry.signal)
    } finally {
      for (const leave of this.#starting.get(hurry) ?? []) leave()
      this.#starting.delete(hurry)
    }
  }

  /** A start may hang at somebody else's code, and with it the stop that waits for it: it has the time of the drain. */
  #hasten({ drainMs = defaultDrainMs, signal }: StopOptions): void {
    for (const [hurry, leaving] of this.#starting) {
      const abort = (): void => hurry.abort(notStarted('It'))
      if (signal?.aborted) abort()
      signal?.addEventListener('abort', abort)
      leaving.push(this.#clock.after(drainMs, abort), () => signal?.removeEventListener('abort', abort))
    }
  }

  async #end(started: Promise<void> | null, options: StopOptions): Promise<void> {
    // Whoever asked for the start hears of its failure.
    await started?.catch(() => {})
    await this.#ports.close(options)
  }
}

/** Why a start rejects that a stop has cut. */
export function notStarted(what: string): AsyncvError {
  return new AsyncvError('not_running', `${what} had not started when the runtime was stopped.`, { retryable: true })
}
