import { createHash } from 'node:crypto'
import type { MigrationSet } from './set.ts'

/**
 * A checksum of a set's first `version` migrations: each one's covers those before it, so that a single value in the
 * database tells whether any of them was edited. Their layout does not count.
 */
export function checksum(set: MigrationSet, version: number): string {
  let sum = ''
  for (const migration of set.migrations.slice(0, version)) {
    const text = [sum, migration.name, ...migration.up.sqlite, ...migration.down.sqlite].map(fold).join('\n')
    sum = createHash('sha256').update(text).digest('hex')
  }
  return sum
}

function fold(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim()
}
