/** What an item says, as JSON, and places in it. Nothing here changes what it is given. */
import { differenceOf } from '../../src/schemas/item-difference.ts'

export type Content = Record<string, unknown>
export type Path = readonly (string | number)[]

export function isObject(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function valueAt(content: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (Object(value) as Record<string | number, unknown>)[step], content)
}

/** The same with another value at a place; with `undefined`, without it, and without the objects that were left empty by that. */
export function withValue<Whole extends Content>(content: Whole, path: Path, value: unknown): Whole {
  return placed(content, path, value) as Whole
}

function placed(whole: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value
  const inner = placed((Object(whole) as Record<string | number, unknown>)[step], rest, value)
  if (Array.isArray(whole)) return whole.map((one, at) => (at === step ? inner : one))
  const { [String(step)]: _, ...others } = isObject(whole) ? whole : {}
  const isGone = inner === undefined || (value === undefined && isObject(inner) && Object.keys(inner).length === 0)
  return isGone ? others : { ...(isObject(whole) ? whole : {}), [step]: inner }
}

export function saysTheSame(one: unknown, other: unknown): boolean {
  return differenceOf(one, other).length === 0
}

/** RFC 6901, as are the pointers of `pathOf`. */
export function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The way back; what is an index in a list is a text here, which leads to the same value. */
export function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
