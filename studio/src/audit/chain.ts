/**
 * The chain of Studio's audit log. Each entry's hash covers everything in it and the hash of the entry before, so whoever
 * changes, removes, moves or puts in one has to write all later ones anew; only a head that was noted elsewhere tells
 * such a log from the first one.
 */
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { auditEntry, auditVerdict } from '../schemas/audit.ts'

export type AuditEntry = z.infer<typeof auditEntry>
export type AuditVerdict = z.infer<typeof auditVerdict>
export type AuditHead = AuditVerdict['head']

/** Where an empty log ends. */
export const emptyHead: AuditHead = { n: 0, hash: '0'.repeat(64) }

/** The entry that follows `head`. */
export function entryAfter(head: AuditHead, note: Omit<AuditEntry, 'n' | 'prevHash' | 'hash'>): AuditEntry {
  const entry = { ...note, n: head.n + 1, prevHash: head.hash }
  return { ...entry, hash: hashOf(entry) }
}

/** A list of everything, as JSON, that begins with a version: no two entries are written the same way. */
function hashOf({ n, at, actor, action, target, detail, prevHash }: Omit<AuditEntry, 'hash'>): string {
  const text = JSON.stringify([1, n, at, actor.id, actor.name, action, target, detail, prevHash])
  return createHash('sha256').update(text).digest('hex')
}

/** Reads a log from its first entry to its last; `endOf` tells then where the database says that it ends. */
export async function verifyChain(
  entries: AsyncIterable<AuditEntry>,
  endOf: () => AuditHead | null,
  expected: AuditHead | null,
): Promise<AuditVerdict> {
  let head = emptyHead
  const broken = (n: number, detail: string): AuditVerdict => ({ whole: false, head, fault: { n, detail } })
  for await (const entry of entries) {
    const next = head.n + 1
    if (entry.n < next) return broken(entry.n, 'Somebody has put an entry in before the first.')
    if (entry.n !== next) return broken(next, `Entry ${next} is gone.`)
    if (entry.prevHash !== head.hash) return broken(next, `Entry ${next} does not follow the one before it.`)
    if (entry.hash !== hashOf(entry)) return broken(next, `Entry ${next} is not what was written.`)
    if (expected?.n === next && expected.hash !== entry.hash) {
      return broken(next, `Entry ${next} is another one than was noted: the log was written anew.`)
    }
    head = { n: next, hash: entry.hash }
  }
  const noted = endOf()
  const last = Math.max(noted?.n ?? 0, expected?.n ?? 0)
  if (last > head.n) return broken(head.n + 1, `Entries ${head.n + 1} to ${last} are gone from the end.`)
  if (noted?.n !== head.n || noted.hash !== head.hash) {
    return broken(head.n, 'The note of where the log ends is gone, or names another entry.')
  }
  return { whole: true, head, fault: null }
}
