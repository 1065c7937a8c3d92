import { AsyncvError } from '../errors.ts'

/**
 * The values of a statement as SQLite takes them: booleans become 1 and 0. Throws `internal` for what it has no type
 * for. That includes arrays and plain objects, which better-sqlite3 would take for lists of values and named values.
 */
export function toSqlite(parameters: readonly unknown[]): readonly unknown[] {
  // Nearly all statements need no change, and then no copy.
  let mapped: unknown[] | null = null
  for (let index = 0; index < parameters.length; index++) {
    const value = parameters[index]
    switch (typeof value) {
      case 'string':
      case 'number':
      case 'bigint':
        continue
      case 'boolean':
        mapped ??= [...parameters]
        mapped[index] = value ? 1 : 0
        continue
      case 'object':
        if (value === null || value instanceof Uint8Array) continue
    }
    throw unusable(value, index + 1)
  }
  return mapped ?? parameters
}

function unusable(value: unknown, position: number): AsyncvError {
  const kind = typeof value === 'object' ? (value?.constructor?.name ?? 'object') : typeof value
  const message = `Parameter ${position} of a statement is of type ${kind}.`
  return new AsyncvError('internal', message, { hint: wayOut(value) })
}

function wayOut(value: unknown): string {
  if (value === undefined) return 'Pass null for what is not there.'
  if (value instanceof Date) return 'Pass ms since the epoch.'
  return 'Pass null, a boolean, a number, a string or bytes; write everything else as JSON.'
}
