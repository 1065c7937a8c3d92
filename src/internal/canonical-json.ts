import { AsyncvError } from '../errors.ts'

/** What nests deeper than anybody writes by hand would end at the stack's limit. */
const deepest = 64

/**
 * The one text that a JSON value has by RFC 8785: keys by their UTF-16 code units, numbers and strings as ECMAScript writes
 * them, no space. Throws `input_invalid` for what is no JSON: a number that is not finite, half of a surrogate pair,
 * `undefined` in a list, a function, a `Date`. Keys whose value is undefined are left out, as JSON leaves them out.
 */
export function canonicalJson(value: unknown): string {
  return written(value, 0)
}

function written(value: unknown, depth: number): string {
  if (depth > deepest) throw noJson(`it nests more than ${deepest} levels deep`)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw noJson(`${value} is no number of JSON`)
    return JSON.stringify(value)
  }
  // Not `map` on itself, which would leave holes.
  if (Array.isArray(value)) return `[${[...value].map((item) => written(item, depth + 1)).join(',')}]`
  if (typeof value !== 'object') throw noJson(`a ${typeof value} is no value of JSON`)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw noJson(`an object of class ${value.constructor?.name ?? 'unknown'} is no value of JSON`)
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  // Sorting without a comparison is by UTF-16 code units, which is what the RFC asks for.
  const sorted = new Map(entries)
  const keys = [...sorted.keys()].sort()
  return `{${keys.map((key) => `${text(key)}:${written(sorted.get(key), depth + 1)}`).join(',')}}`
}

function text(value: string): string {
  if (!value.isWellFormed()) throw noJson('a text has half of a surrogate pair')
  return JSON.stringify(value)
}

function noJson(why: string): AsyncvError {
  return new AsyncvError('input_invalid', `This has no canonical form: ${why}.`)
}
