import type { Actor, AuditAction, AuditEntry, AuditHead } from './audit.ts'
import type { Page, PageRequest } from './page.ts'

/** What of the audit log is looked at. Default: everything. */
export interface AuditFilter {
  action?: string
  /** The actor's id. */
  actor?: string
}

/** An action of a decision, to be written with it. */
export interface Deed {
  at: number
  by: Actor
  action: AuditAction
  target: string
  /** What it was done to, as it was and as it is now; null where it is not there. Nothing secret, not even to hash. */
  before: Readonly<Record<string, unknown>> | null
  after: Readonly<Record<string, unknown>> | null
}

/**
 * The part of the storage that keeps the audit log. Entries are appended by the verbs that do what they tell of, in the
 * same transaction; there is none to change or forget one.
 */
export interface AuditStore {
  /** Appends what changed nothing in the database, such as a connector that is stopped. What cannot be written down is not done, or undone. */
  writeDown(deed: Deed): Promise<void>
  /** Newest first. */
  audit(filter: AuditFilter & PageRequest): Promise<Page<AuditEntry>>
  /** The entries that follow number `after`, from the first one when that is null; some at a time, empty at the end. */
  auditAfter(after: number | null): Promise<AuditEntry[]>
  /** Where the log is said to end; null when that is gone. */
  auditHead(): Promise<AuditHead | null>
}
