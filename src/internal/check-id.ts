import { AsyncvError } from '../errors.ts'

/** An id or key that a caller chose: text that can be stored and found again, not longer than an index bears. */
export function checkId(name: string, value: unknown): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= 200 && value.isWellFormed()) return value
  throw new AsyncvError('input_invalid', `${name} is ${shown(value)}.`, { hint: 'Give 1 to 200 characters.' })
}

function shown(value: unknown): string {
  if (typeof value !== 'string') return `a ${typeof value}`
  return value.isWellFormed() ? `${value.length} characters long` : 'no Unicode text: half of a surrogate pair is in it'
}
