import { Problem } from '../problem.ts'

const minuteMs = 60_000

/**
 * How many requests each key may make in a minute. A bucket that fills at an even pace: after a pause a whole minute's worth
 * may come at once, and never more than twice that in any minute.
 */
export class RateLimit {
  readonly #perMinute: number
  readonly #now: () => number
  /** What is left for whom, and when that was counted. One entry a key. */
  readonly #left = new Map<string, { requests: number; at: number }>()

  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#perMinute = perMinute
    this.#now = now
  }

  /** Counts a request. Gives the headers that say what is left (draft-ietf-httpapi-ratelimit-headers). Throws `rate_limited`. */
  take(who: string): Record<string, string> {
    const now = this.#now()
    const known = this.#left.get(who) ?? { requests: this.#perMinute, at: now }
    const filled = known.requests + ((now - known.at) / minuteMs) * this.#perMinute
    const requests = Math.min(this.#perMinute, filled) - 1
    if (requests < 0) {
      const seconds = Math.ceil((-requests * minuteMs) / this.#perMinute / 1000)
      throw new Problem('rate_limited', `More than ${this.#perMinute} requests in a minute.`, {
        hint: `Come again in ${seconds} s, or raise server.limits.requestsPerMinute.`,
        headers: { ...this.#headers(0, seconds), 'Retry-After': String(seconds) },
      })
    }
    this.#left.set(who, { requests, at: now })
    return this.#headers(Math.floor(requests), Math.ceil(minuteMs / this.#perMinute / 1000))
  }

  #headers(left: number, seconds: number): Record<string, string> {
    return {
      'RateLimit-Policy': `"minute";q=${this.#perMinute};w=60`,
      RateLimit: `"minute";r=${left};t=${seconds}`,
    }
  }
}
