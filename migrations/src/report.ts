import { readTables } from './schema.ts'
import type { MigrationSet } from './set.ts'
import type { SqliteConnection } from './sqlite/connection.ts'
import { type MigrationStatus, readStatus } from './status.ts'

export interface DatabaseReport extends MigrationStatus {
  file: string
  driver: string
  sqlite: string
  node: string
  /** Rows of each table. */
  rows: Record<string, number>
}

/** What a database is and holds, for a person or a pipeline to look at. Reads only. */
export function report(connection: SqliteConnection, set: MigrationSet): DatabaseReport {
  const rows = readTables(connection).map((table): [string, number] => {
    const [row] = connection.prepare(`select count(*) as rows from "${table}"`).all([])
    return [table, Number(row?.['rows'])]
  })
  return {
    ...readStatus(connection, set),
    file: connection.file,
    driver: connection.driver,
    sqlite: connection.version,
    node: process.versions.node,
    rows: Object.fromEntries(rows),
  }
}
