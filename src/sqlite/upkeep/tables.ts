import type { SqliteConnection } from '@asyncv/migrations'

/** Those that an open database has: one of an earlier version does not have all. */
export function tablesOf(connection: SqliteConnection): ReadonlySet<string> {
  const rows = connection.prepare(`select name from sqlite_master where type = 'table'`).all([])
  return new Set(rows.map(({ name }) => String(name)))
}

export function hasTable(connection: SqliteConnection, name: string): boolean {
  return tablesOf(connection).has(name)
}
