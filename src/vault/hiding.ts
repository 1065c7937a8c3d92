/** Takes known values out of what is about to be seen. */
import type { Logger } from '../logger.ts'

/** Shorter ones are no secrets, and would make holes in ordinary words. */
const shortest = 6

/** Most values remembered; the oldest give way. */
const most = 2_000

export class Hiding {
  /** Value → what stands in its place, in the order in which they came. */
  readonly #known = new Map<string, string>()
  /** The longest first: one value may be part of another. */
  #ordered: [value: string, mark: string][] | null = null

  /** From now on `value` is taken out, also when it is replaced: what failed with it may tell of it later. */
  learn(name: string, value: string): void {
    for (const form of new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)])) {
      if (form.length < shortest || this.#known.has(form)) continue
      this.#known.set(form, `[secret ${name}]`)
      this.#ordered = null
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= most) break
      this.#known.delete(oldest)
    }
  }

  get idle(): boolean {
    return this.#known.size === 0
  }

  readonly text = (text: string): string => {
    this.#ordered ??= [...this.#known].sort(([a], [b]) => b.length - a.length)
    let clean = text
    for (const [value, mark] of this.#ordered) if (clean.includes(value)) clean = clean.replaceAll(value, mark)
    return clean
  }

  /** A logger that writes nothing of what is known. */
  logger(logger: Logger): Logger {
    const write = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
      if (this.idle || logger.isLevelEnabled?.(level) === false) return logger[level](fields, message)
      logger[level](this.#inside(fields, 0) as object, this.text(message))
    }
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      isLevelEnabled: (level) => logger.isLevelEnabled?.(level) ?? true,
    }
  }

  #inside(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.text(value)
    if (typeof value !== 'object' || value === null) return value
    // Deeper than anything of ours, or a circle.
    if (depth > 8) return '[deep]'
    if (Array.isArray(value)) return value.map((item) => this.#inside(item, depth + 1))
    if (value instanceof Error) return this.#insideError(value, depth)
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#inside(item, depth + 1)]))
  }

  /** A copy: the error itself may be looked at by whoever catches it. */
  #insideError(error: Error, depth: number): Error {
    const copy: Error = Object.create(Object.getPrototypeOf(error) as object)
    for (const key of Object.getOwnPropertyNames(error)) {
      const value = this.#inside((error as unknown as Record<string, unknown>)[key], depth + 1)
      Object.defineProperty(copy, key, { value, enumerable: Object.prototype.propertyIsEnumerable.call(error, key) })
    }
    return copy
  }
}
