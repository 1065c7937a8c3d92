import { csvRow } from '../schemas/csv.ts'
import type { AuditEntry } from './chain.ts'

export const csvHead = csvRow(['n', 'at', 'actor', 'name', 'action', 'target', 'detail', 'previous hash', 'hash'])

export function csvLine({ n, at, actor, action, target, detail, prevHash, hash }: AuditEntry): string {
  return csvRow([
    String(n),
    new Date(at).toISOString(),
    actor.id,
    actor.name,
    action,
    target,
    detail ?? '',
    prevHash,
    hash,
  ])
}
