import type { SqliteConnection } from '@asyncv/migrations'

/** How many faults are worth reading. */
const faultsShown = 20

/** What SQLite finds wrong with a file, a line each; nothing when it is whole. Reads all of it. */
export function faultsOf(connection: SqliteConnection): string[] {
  let found: string[]
  try {
    found = connection
      .prepare(`pragma integrity_check(${faultsShown})`)
      .all([])
      .map((row) => String(row['integrity_check']))
  } catch (error) {
    // So damaged that it cannot be looked at.
    return [error instanceof Error ? error.message : String(error)]
  }
  return found.length === 1 && found[0] === 'ok' ? [] : found
}
