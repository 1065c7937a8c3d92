import type { SqliteConnection } from '@asyncv/migrations'
import type { AuditEntry, AuditHead, AuditVerdict } from '../../audit.ts'
import { ChainReader } from '../../audit-chain.ts'

/** Rows that are read at once. */
const atOnce = 500

/** Whether the audit log of an open database is what was written. Null when its schema is from before there was one. */
export function auditOf(connection: SqliteConnection): AuditVerdict | null {
  const tables = connection.prepare(`select 1 from sqlite_master where type = 'table' and name = 'audit'`).all([])
  if (tables.length === 0) return null
  const reader = new ChainReader(null)
  const next = connection.prepare(`select * from audit where n > ? order by n limit ${atOnce}`)
  for (let after: number | null = null; ; ) {
    const rows = next.all([after ?? Number.MIN_SAFE_INTEGER])
    if (rows.length === 0) return reader.end(headOf(connection))
    for (const row of rows) {
      const broken = reader.take(toEntry(row as unknown as AuditColumns))
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

/** As the first migration that has them made them. */
interface AuditColumns {
  n: number
  at: number
  actor: string
  actor_name: string | null
  action: string
  target: string
  before_hash: string | null
  after_hash: string | null
  prev_hash: string
  hash: string
}

function toEntry(row: AuditColumns): AuditEntry {
  return {
    n: row.n,
    at: row.at,
    actor: { id: row.actor, name: row.actor_name },
    action: row.action,
    target: row.target,
    beforeHash: row.before_hash,
    afterHash: row.after_hash,
    prevHash: row.prev_hash,
    hash: row.hash,
  }
}
