import type { AuditEntry, AuditFilter, AuditHead, AuditVerdict, Page } from 'asyncv'
import type { Management } from '../calling/management.ts'
import { openDesk } from './open-desk.ts'

/** Where the audit log is read: in the database, or, while a service has it, by that service. */
export interface AuditDesk {
  page(filter: AuditFilter & { limit: number; cursor?: string }): Promise<Page<AuditEntry>>
  verify(head: AuditHead | null): Promise<AuditVerdict>
  close(): Promise<void>
}

export function openAuditDesk(database: string): Promise<AuditDesk> {
  return openDesk(database, { what: 'asyncv.audit', overHttp, inDatabase: () => inDatabase(database) })
}

async function inDatabase(database: string): Promise<AuditDesk> {
  // Loaded when they are needed: they are the whole library.
  const [{ openAudit }, { sqlite }] = await Promise.all([import('asyncv'), import('asyncv/sqlite')])
  const audit = await openAudit(sqlite(database))
  return {
    page: (filter) => audit.list(filter),
    verify: (head) => audit.verify(head === null ? {} : { head }),
    close: () => audit.close(),
  }
}

function overHttp({ ask }: Management): AuditDesk {
  return {
    page: ({ limit, ...filter }) =>
      ask('GET', `/audit?${new URLSearchParams({ limit: String(limit), ...(filter as Record<string, string>) })}`),
    verify: (head) => ask('GET', `/audit/verify${head === null ? '' : `?head=${head.n}:${head.hash}`}`),
    async close() {},
  }
}
