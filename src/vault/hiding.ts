/** Takes known values out of what is about to be seen. */
import type { Logger } from '../logger.ts'
import { formsOf } from './forms.ts'

/** Values remembered for each name, the one in use and those before it. */
const mostOfName = 16

/** Names remembered: all that a vault can keep, those of the environment, and many that were removed. The oldest give way. */
const mostNames = 4_000

export class Hiding {
  /** Name → values, the latest last; names in the order in which they got their latest. */
  readonly #known = new Map<string, string[]>()
  /** The longest first: one value may be part of another. */
  #ordered: [form: string, mark: string][] | null = null

  /** From now on `value` is taken out, also when it is replaced: what failed with it may tell of it later. */
  learn(name: string, value: string): void {
    const before = this.#known.get(name) ?? []
    if (before.at(-1) === value) return
    this.#known.delete(name)
    this.#known.set(name, [...before.filter((other) => other !== value), value].slice(-mostOfName))
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostNames) break
      this.#known.delete(oldest)
    }
    this.#ordered = null
  }

  get idle(): boolean {
    return this.#known.size === 0
  }

  readonly text = (text: string): string => {
    this.#ordered ??= this.#forms()
    let clean = text
    for (const [form, mark] of this.#ordered) if (clean.includes(form)) clean = clean.replaceAll(form, mark)
    return clean
  }

  #forms(): [form: string, mark: string][] {
    const marks = new Map<string, string>()
    for (const [name, values] of this.#known) {
      for (const form of values.flatMap(formsOf)) marks.set(form, `[secret ${name}]`)
    }
    return [...marks].sort(([a], [b]) => b.length - a.length)
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
    try {
      return this.#insideObject(value, depth + 1)
    } catch {
      // Getters of others.
      return '[unreadable]'
    }
  }

  /** As JSON would write it: an object of a class may hold a value as well as any other. */
  #insideObject(value: object, depth: number): unknown {
    const inside = (item: unknown): unknown => this.#inside(item, depth)
    if (Array.isArray(value)) return value.map(inside)
    if (value instanceof Error) return this.#insideError(value, depth)
    // Written as numbers, nobody could tell what is in them.
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    const { toJSON } = value as { toJSON?: unknown }
    if (typeof toJSON === 'function') return inside(toJSON.call(value))
    if (value instanceof Map) return new Map([...value].map(([key, item]) => [inside(key), inside(item)]))
    if (value instanceof Set) return new Set([...value].map(inside))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), inside(item)]))
  }

  /** A copy: the error itself may be looked at by whoever catches it. */
  #insideError(error: Error, depth: number): Error {
    const copy: Error = Object.create(Object.getPrototypeOf(error) as object)
    // Some errors keep these where a copy has nothing.
    for (const key of new Set([...Object.getOwnPropertyNames(error), 'name', 'message', 'stack'])) {
      const value = this.#inside((error as unknown as Record<string, unknown>)[key], depth)
      Object.defineProperty(copy, key, { value, enumerable: Object.prototype.propertyIsEnumerable.call(error, key) })
    }
    return copy
  }
}
