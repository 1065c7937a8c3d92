import { AsyncvError, type Keys } from 'asyncv'
import { invalid } from './authenticator.ts'

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
      if (await this.#keys.inForce(key).catch(isStopping)) continue
      for (const [controller, its] of this.#waiting) if (its === key) controller.abort()
    }
  }
}

/** A runtime that is stopping ends its streams itself. A key that cannot be looked at for another reason may be revoked. */
function isStopping(error: unknown): boolean {
  return error instanceof AsyncvError && error.code === 'not_running'
}

/** Says why a stream ends that its key has ended. `watch` is null where that cannot be. */
export async function* whileGood<Item>(
  items: AsyncIterable<Item>,
  watch: ReturnType<Revocations['watch']> | null,
): AsyncGenerator<Item> {
  try {
    yield* items
    if (watch?.signal.aborted) throw invalid()
  } catch (error) {
    throw watch?.signal.aborted ? invalid() : error
  } finally {
    watch?.leave()
  }
}

/** Aborted when one of them is. */
export function both(one: AbortSignal, other: AbortSignal | undefined): AbortSignal
export function both(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined
export function both(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other])
}
