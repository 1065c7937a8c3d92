import type { Keys } from 'asyncv'

/** How often the keys of open streams are looked at. ms. */
const everyMs = 500

/** Tells who waits for something that their key is good no more. One timer, while anybody waits. */
export class Revocations {
  readonly #keys: Pick<Keys, 'inForce'>
  readonly #waiting = new Map<AbortController, string>()
  #timer: NodeJS.Timeout | null = null

  constructor(keys: Pick<Keys, 'inForce'>) {
    this.#keys = keys
  }

  /** `signal` is aborted when the key is revoked or expires; call `leave` when that is of no more interest. */
  watch(key: string): { signal: AbortSignal; leave(): void } {
    const controller = new AbortController()
    this.#waiting.set(controller, key)
    this.#timer ??= setInterval(() => void this.#look(), everyMs).unref()
    return { signal: controller.signal, leave: () => this.#leave(controller) }
  }

  #leave(controller: AbortController): void {
    this.#waiting.delete(controller)
    if (this.#waiting.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  async #look(): Promise<void> {
    for (const key of new Set(this.#waiting.values())) {
      // A runtime that is stopping ends its streams itself.
      if (await this.#keys.inForce(key).catch(() => true)) continue
      for (const [controller, its] of this.#waiting) if (its === key) controller.abort()
    }
  }
}
