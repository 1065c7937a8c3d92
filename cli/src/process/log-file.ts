import { dirname, join } from 'node:path'

/** Where a service that has no terminal writes its log; null for a database in memory, which has no place. */
export function logFileOf(database: string): string | null {
  return database === ':memory:' ? null : join(dirname(database), 'asyncv.log')
}
