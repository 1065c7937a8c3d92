import type { StopOptions } from './api.ts'

export interface LifePorts {
  open(): Promise<void>
  /** Stops what is open, if anything is. Called again before it has ended, it hastens that stop. */
  close(options: StopOptions): Promise<void>
}

/** Carries starts and stops out one after the other, in the order of the calls; a call for what is so already joins it. */
export class Life {
  readonly #ports: LifePorts
  /** The last start that no stop has followed; null when there is none, or when it has failed. */
  #started: Promise<void> | null = null
  /** The last stop that has not ended. */
  #stopping: Promise<void> | null = null

  constructor(ports: LifePorts) {
    this.#ports = ports
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
    await before
    await this.#ports.open()
  }

  async #end(started: Promise<void> | null, options: StopOptions): Promise<void> {
    // Whoever asked for the start hears of its failure.
    await started?.catch(() => {})
    await this.#ports.close(options)
  }
}
