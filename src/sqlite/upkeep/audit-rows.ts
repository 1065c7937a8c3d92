import type { SqliteConnection } from '@asyncv/migrations'
import type { AuditHead, AuditVerdict } from '../../audit.ts'
import { ChainReader } from '../../audit-chain.ts'
import { toEntry } from '../../kysely/audit.ts'
import type { AuditRow } from '../../kysely/schema.ts'
import { hasTable } from './tables.ts'

/** Rows that are read at once. */
const atOnce = 500

/** Whether the audit log of an open database is what was written. Null when its schema is from before there was one. */
export function auditOf(connection: SqliteConnection): AuditVerdict | null {
  if (!hasTable(connection, 'audit')) return null
  const reader = new ChainReader(null)
  const next = connection.prepare(`select * from audit where n > ? order by n limit ${atOnce}`)
  for (let after: number | null = null; ; ) {
    const rows = next.all([after ?? Number.MIN_SAFE_INTEGER])
    if (rows.length === 0) return reader.end(headOf(connection))
    for (const row of rows) {
      const broken = reader.take(toEntry(row as unknown as AuditRow))
      if (broken !== null) return broken
    }
    after = reader.head.n
  }
}

/** Where the database says that its log ends; null when that is gone. */
export function headOf(connection: SqliteConnection): AuditHead | null {
  const [head] = connection.prepare('select n, hash from audit_head where id = 1').all([])
  return (head as unknown as AuditHead | undefined) ?? null
}
