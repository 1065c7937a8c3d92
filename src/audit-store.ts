import type { AuditEntry, AuditHead } from './audit.ts'
import type { Page, PageRequest } from './page.ts'

/** What of the audit log is looked at. Default: everything. */
export interface AuditFilter {
  action?: string
  /** The actor's id. */
  actor?: string
}

/**
 * The part of the storage that keeps the audit log. Entries are appended by the verbs that do what they tell of, in the
 * same transaction; so there is no verb to append one, and none to change or forget one.
 */
export interface AuditStore {
  /** Newest first. */
  audit(filter: AuditFilter & PageRequest): Promise<Page<AuditEntry>>
  /** The entries that follow number `after`, from the first one when that is null; some at a time, empty at the end. */
  auditAfter(after: number | null): Promise<AuditEntry[]>
  /** Where the log is said to end; null when that is gone. */
  auditHead(): Promise<AuditHead | null>
}
