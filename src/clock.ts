import { uuidv7 } from './internal/id.ts'

/** Time, ids and the turn of the event loop, so that tests can own all three. */
export interface Clock {
  /** ms since the epoch. */
  now(): number
  /** Calls `fn` after `ms`, unless the returned function is called before. Much cheaper than an aborted sleep. */
  after(ms: number, fn: () => void): () => void
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A new UUID v7: ids sort by the time they were made. */
  id(): string
  /** Calls `fn` once the work at hand has let the event loop go round. */
  soon(fn: () => void): void
}

/** Node turns what does not fit 31 bits into 1 ms. */
const longest = 2 ** 31 - 1

export const systemClock: Clock = {
  now: Date.now,
  after(ms, fn) {
    const timer = setTimeout(fn, Math.min(ms, longest))
    return () => clearTimeout(timer)
  },
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        },
        Math.min(ms, longest),
      )
      function abort(): void {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
    })
  },
  id: uuidv7,
  soon: (fn) => void setImmediate(fn),
}
