import { randomUUID } from 'node:crypto'
import type { AuditEntry, AuditHead } from '../audit.ts'
import { emptyHead, entryAfter, stateHash } from '../audit-chain.ts'
import type { AuditStore, Deed } from '../audit-store.ts'
import { sha256 } from '../internal/secret.ts'
import { readPage, toPage } from './cursor.ts'
import { type Database, decide, read, type Trx } from './database.ts'
import type { AuditRow } from './schema.ts'

/** Entries that are read at once to look at the chain. */
const atOnce = 500

export function auditQueries(db: Database): AuditStore {
  return {
    writeDown: (deed) => decide(db, (trx) => appendAudit(trx, deed)),

    audit: ({ action, actor, ...page }) =>
      read(async () => {
        const place = readPage('audit', page)
        let query = db.selectFrom('audit').selectAll()
        if (action !== undefined) query = query.where('action', '=', action)
        if (actor !== undefined) query = query.where('actor', '=', actor)
        if (place.after !== null) query = query.where('n', place.beyond, Number(place.after))
        const rows = await query
          .orderBy('n', place.direction)
          .limit(place.limit + 1)
          .execute()
        return toPage(place, rows, ({ n }) => n, toEntry)
      }),

    auditAfter: (after) =>
      read(async () => {
        let query = db.selectFrom('audit').selectAll()
        if (after !== null) query = query.where('n', '>', after)
        return (await query.orderBy('n').limit(atOnce).execute()).map(toEntry)
      }),

    auditHead: () =>
      read(async () => {
        const head = await db.selectFrom('audit_head').select(['n', 'hash']).where('id', '=', 1).executeTakeFirst()
        return head ?? null
      }),
  }
}

/** A log gets nowhere near it; whoever has put an entry or the note of the end beyond it must not use the numbers up. */
const farthest = 2 ** 48

/**
 * Writes an action at the end of the log. Where somebody else has changed the end, the entry follows what reaches further,
 * the last entry or the note of it, and the note stays as it is: nothing that asyncv does hides what they did. And nothing
 * that they did keeps an action from being done, such as the revocation of a key.
 */
export async function appendAudit(trx: Trx, { at, by, action, target, before, after }: Deed): Promise<void> {
  const noted = await trx.query
    .selectFrom('audit_head')
    .select(['n', 'hash'])
    .where('id', '=', 1)
    .where('n', '<', farthest)
    .executeTakeFirst()
  const last = await trx.query
    .selectFrom('audit')
    .select(['n', 'hash'])
    .where('n', '<', farthest)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
  const entry = entryAfter(await withoutFollower(trx, further(noted ?? emptyHead, last ?? emptyHead)), {
    at,
    actor: by,
    action,
    target,
    beforeHash: before === null ? null : stateHash(before),
    afterHash: after === null ? null : stateHash(after),
  })
  await trx.query.insertInto('audit').values(toRow(entry)).execute()
  const { n, hash } = last ?? emptyHead
  await trx.query
    .updateTable('audit_head')
    .set({ n: entry.n, hash: entry.hash })
    .where('id', '=', 1)
    .where('n', '=', n)
    .where('hash', '=', hash)
    .execute()
}

/** Where the end is said to be an entry that has a follower, as only somebody else can have written it, the next follows none. */
async function withoutFollower(trx: Trx, head: AuditHead): Promise<AuditHead> {
  const query = trx.query.selectFrom('audit').select('n').where('prev_hash', '=', head.hash)
  const follower = await query.executeTakeFirst()
  return follower === undefined ? head : { n: head.n, hash: sha256(randomUUID()) }
}

function further(one: AuditHead, other: AuditHead): AuditHead {
  return one.n >= other.n ? one : other
}

function toRow({ n, at, actor, action, target, beforeHash, afterHash, prevHash, hash }: AuditEntry): AuditRow {
  return {
    n,
    at,
    actor: actor.id,
    actor_name: actor.name,
    action,
    target,
    before_hash: beforeHash,
    after_hash: afterHash,
    prev_hash: prevHash,
    hash,
  }
}

export function toEntry(row: AuditRow): AuditEntry {
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
