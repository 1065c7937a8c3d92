import { AsyncvError } from '../errors.ts'

/** An id or key that a caller chose: text that can be stored and found again, not longer than an index bears. */
export function checkId(name: string, value: unknown): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= 200 && value.isWellFormed()) return value
  const shown = typeof value === 'string' ? `${value.length} characters long` : `a ${typeof value}`
  throw new AsyncvError('input_invalid', `${name} is ${shown}.`, { hint: 'Give 1 to 200 characters.' })
}
