import { AsyncvError, type Keys } from 'asyncv'
import type { Problem } from '../problem.ts'
import { invalid, missing } from './authenticator.ts'

/** How often the keys of open streams are looked at. ms. */
const everyMs = 500

/** Why somebody waits no more: they have left, or their key is good no more. */
export interface Watch {
  /** Aborted by either. Undefined where neither can be. */
  readonly signal: AbortSignal | undefined
  /** What they are told when it was the key. */
  readonly refusal: Problem | null
  /** To be called when that is of no more interest. */
  leave(): void
}

/** Tells who waits for something that their key is good no more. One timer, while anybody waits. */
export class Revocations {
  readonly #keys: Pick<Keys, 'inForce' | 'exist'>
  readonly #outlive: boolean
  readonly #waiting = new Set<Waiting>()
  #timer: NodeJS.Timeout | null = null

  /**
   * `outlive`: what is waited for may go on when the runtime has stopped, as its log does after a reload. Where its key can be
   * looked at no more the wait ends then, and whoever begins anew is looked at by the next runtime.
   */
  constructor(keys: Pick<Keys, 'inForce' | 'exist'>, { outlive = false } = {}) {
    this.#keys = keys
    this.#outlive = outlive
  }

  /**
   * Watches over the key of somebody who waits, and over `left`, which tells that they wait no more; `key` is null for who
   * has none that could be revoked. One signal for both: `AbortSignal.any` would cost each message a second one, and weak
   * references that the collector has to follow.
   */
  watch(key: string | null, left?: AbortSignal): Watch {
    return key === null ? { signal: left, refusal: null, leave: () => {} } : this.#watch(new Waiting(key, left))
  }

  /** The same for who follows what others do, and needs no key as long as there is none. */
  watchKeyless(left?: AbortSignal): Watch {
    return this.#watch(new Waiting(null, left))
  }

  #watch(waiting: Waiting): Watch {
    this.#waiting.add(waiting)
    this.#timer ??= setInterval(() => void this.#look(), everyMs).unref()
    return {
      signal: waiting.signal,
      get refusal() {
        return waiting.refusal
      },
      leave: () => this.#leave(waiting),
    }
  }

  #leave(waiting: Waiting): void {
    waiting.close()
    this.#waiting.delete(waiting)
    if (this.#waiting.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  async #look(): Promise<void> {
    for (const key of new Set([...this.#waiting].map((waiting) => waiting.key))) {
      const state = await this.#stateOf(key)
      if (state === 'good' || (state === 'stopped' && !this.#outlive)) continue
      const refusal = state === 'stopped' ? null : key === null ? missing() : invalid()
      for (const waiting of this.#waiting) if (waiting.key === key) waiting.end(refusal)
    }
  }

  /** A key that cannot be looked at for another reason than that the runtime has stopped may be revoked. */
  async #stateOf(key: string | null): Promise<'good' | 'ended' | 'stopped'> {
    try {
      const isGood = key === null ? !(await this.#keys.exist()) : await this.#keys.inForce(key)
      return isGood ? 'good' : 'ended'
    } catch (error) {
      return error instanceof AsyncvError && error.code === 'not_running' ? 'stopped' : 'ended'
    }
  }
}

class Waiting {
  /** Null for who came when there were no keys. */
  readonly key: string | null
  readonly #left: AbortSignal | undefined
  readonly #controller = new AbortController()
  readonly #leave = (): void => this.#controller.abort(this.#left?.reason)
  refusal: Problem | null = null

  constructor(key: string | null, left: AbortSignal | undefined) {
    this.key = key
    this.#left = left
    if (left?.aborted) this.#leave()
    left?.addEventListener('abort', this.#leave, { once: true })
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Who had left before is told nothing more. */
  end(refusal: Problem | null): void {
    if (this.signal.aborted) return
    this.refusal = refusal
    this.#controller.abort()
  }

  close(): void {
    this.#left?.removeEventListener('abort', this.#leave)
  }
}

/** Ends a stream with its key, also where there is more to give to somebody who reads slowly, and says why. */
export async function* whileGood<Item>(items: AsyncIterable<Item>, watch: Watch): AsyncGenerator<Item> {
  try {
    for await (const item of items) {
      if (watch.refusal !== null) break
      yield item
    }
    if (watch.refusal !== null) throw watch.refusal
  } catch (error) {
    throw watch.refusal ?? error
  } finally {
    watch.leave()
  }
}
