import type { Selectable } from 'kysely'
import { setImmediate as othersTurn } from 'node:timers/promises'
import type { z } from 'zod'
import type { Database } from '../database/open.ts'
import type { AuditRow } from '../database/tables.ts'
import type { auditPage, auditQuery } from '../schemas/audit.ts'
import { type AuditEntry, type AuditHead, type AuditVerdict, verifyChain } from './chain.ts'

export interface AuditLog {
  list(query: z.output<typeof auditQuery>): Promise<z.infer<typeof auditPage>>
  /** `expected` is a head that was noted earlier, elsewhere. */
  verify(expected: AuditHead | null): Promise<AuditVerdict>
  /** All of it, oldest first. Others have their turn between two pages. */
  pages(): AsyncGenerator<AuditEntry[]>
}

/** Entries that are read at once: the log may be longer than memory. */
const atOnce = 500
/** Below every number that the database can hold: what somebody has put in before the first entry is read, too. */
const beforeAll = -(2 ** 64)

export function createAuditLog(db: Database): AuditLog {
  return { list, verify, pages }

  async function list({ action, actor, limit, cursor }: z.output<typeof auditQuery>) {
    let query = db.selectFrom('audit').selectAll()
    if (action !== undefined) query = query.where('action', '=', action)
    if (actor !== undefined) query = query.where('actor', '=', actor)
    if (cursor !== undefined) query = query.where('n', '<', cursor)
    const rows = await query
      .orderBy('n', 'desc')
      .limit(limit + 1)
      .execute()
    const data = rows.slice(0, limit).map(toEntry)
    return { data, nextCursor: rows.length > limit ? String(data.at(-1)?.n) : null }
  }

  async function verify(expected: AuditHead | null) {
    let noted: AuditHead | null = null
    return verifyChain(entries(), () => noted, expected)

    async function* entries(): AsyncGenerator<AuditEntry> {
      for (let after = beforeAll; ; ) {
        // At once with the end, which moves while the log is read.
        const { rows, head } = await db.transaction().execute(async (trx) => ({
          rows: await page(trx, after),
          head: await trx.selectFrom('audit_head').select(['n', 'hash']).where('id', '=', 1).executeTakeFirst(),
        }))
        yield* rows
        after = rows.at(-1)?.n ?? after
        noted = head ?? null
        if (rows.length < atOnce) return
        await othersTurn()
      }
    }
  }

  async function* pages(): AsyncGenerator<AuditEntry[]> {
    for (let after = beforeAll; ; ) {
      const rows = await page(db, after)
      yield rows
      after = rows.at(-1)?.n ?? after
      if (rows.length < atOnce) return
      await othersTurn()
    }
  }
}

async function page(db: Database, after: number): Promise<AuditEntry[]> {
  const query = db.selectFrom('audit').selectAll().where('n', '>', after)
  return (await query.orderBy('n').limit(atOnce).execute()).map(toEntry)
}

function toEntry(row: Selectable<AuditRow>): AuditEntry {
  return {
    n: row.n,
    at: row.at,
    actor: { id: row.actor, name: row.actor_name },
    action: row.action,
    target: row.target,
    detail: row.detail,
    prevHash: row.prev_hash,
    hash: row.hash,
  }
}
