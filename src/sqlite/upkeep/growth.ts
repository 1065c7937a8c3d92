import { existsSync } from 'node:fs'
import { openSqlite, type SqliteDriverName } from '@asyncv/migrations'
import { asAsyncvError } from '../as-asyncv-error.ts'
import { noDatabase } from './backup.ts'
import { tablesOf } from './tables.ts'

export interface Growth {
  table: string
  rows: number
  /** Those of them that were written since. */
  since: number
}

/** The tables that grow with what people say, and what tells when a row was written. */
const growing = [
  ['message', 'received_at'],
  ['task', 'created_at'],
  ['step', 'started_at'],
  ['delivery', 'created_at'],
  ['dedupe', 'at'],
  ['event', 'at'],
  ['file', 'created_at'],
  ['audit', 'at'],
] as const

/** How fast each table grows, beside a runtime or without one. Reads every row once. `since` in ms since the epoch. */
export async function growthOf(database: string, since: number, driver?: SqliteDriverName): Promise<Growth[]> {
  if (!existsSync(database)) throw noDatabase(database)
  try {
    const connection = await openSqlite(database, { readonly: true, ...(driver === undefined ? {} : { driver }) })
    try {
      const tables = tablesOf(connection)
      return growing
        .filter(([table]) => tables.has(table))
        .map(([table, at]) => {
          const [row] = connection
            .prepare(`select count(*) as rows, count(case when "${at}" >= ? then 1 end) as since from "${table}"`)
            .all([since])
          return { table, rows: Number(row?.['rows']), since: Number(row?.['since']) }
        })
    } finally {
      connection.close()
    }
  } catch (error) {
    throw asAsyncvError(database, error)
  }
}
