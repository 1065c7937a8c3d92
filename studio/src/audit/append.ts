import { canonicalJson } from 'asyncv/schemas'
import { createHash, randomUUID } from 'node:crypto'
import type { Database, Trx } from '../database/open.ts'
import type { AuditAction } from './actions.ts'
import { type AuditHead, emptyHead, entryAfter } from './chain.ts'

/** Who does something that is written down. */
export interface Actor {
  id: string
  login: string
}

/** For what Studio does by itself. */
export const studioItself: Actor = { id: 'studio', login: 'studio' }

export interface Deed {
  at: number
  by: Actor
  action: AuditAction
  target: string
  /** What changed, as JSON; never a secret. */
  detail?: Readonly<Record<string, unknown>>
}

/** It gets nowhere near; whoever has put an entry or the note of the end beyond it must not use the numbers up. */
const farthest = 2 ** 48

/**
 * Writes an action at the end of the log, in the transaction that does it. Where somebody else has changed the end, the entry
 * follows what reaches further, the last entry or the note of it, and the note stays as it is: nothing that Studio does
 * hides what they did, and nothing that they did keeps an action from being done.
 */
export async function append(trx: Trx, { at, by, action, target, detail }: Deed): Promise<void> {
  const noted = await trx
    .selectFrom('audit_head')
    .select(['n', 'hash'])
    .where('id', '=', 1)
    .where('n', '<', farthest)
    .executeTakeFirst()
  const last = await trx
    .selectFrom('audit')
    .select(['n', 'hash'])
    .where('n', '<', farthest)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
  const entry = entryAfter(await withoutFollower(trx, further(noted ?? emptyHead, last ?? emptyHead)), {
    at,
    actor: { id: by.id, name: by.login },
    action,
    target,
    detail: detail === undefined ? null : canonicalJson(detail),
  })
  await trx
    .insertInto('audit')
    .values({
      n: entry.n,
      at,
      actor: by.id,
      actor_name: by.login,
      action,
      target,
      detail: entry.detail,
      prev_hash: entry.prevHash,
      hash: entry.hash,
    })
    .execute()
  const { n, hash } = last ?? emptyHead
  await trx
    .updateTable('audit_head')
    .set({ n: entry.n, hash: entry.hash })
    .where('id', '=', 1)
    .where('n', '=', n)
    .where('hash', '=', hash)
    .execute()
}

/** Where the end is said to be an entry that has a follower, as only somebody else can have written it, the next follows none. */
async function withoutFollower(trx: Trx, head: AuditHead): Promise<AuditHead> {
  const query = trx.selectFrom('audit').select('n').where('prev_hash', '=', head.hash)
  if ((await query.executeTakeFirst()) === undefined) return head
  return { n: head.n, hash: createHash('sha256').update(randomUUID()).digest('hex') }
}

function further(one: AuditHead, other: AuditHead): AuditHead {
  return one.n >= other.n ? one : other
}

/** Rejects where the database takes nothing now: before something is done elsewhere, which could not be written down then. */
export async function checkWritable(db: Database): Promise<void> {
  await db
    .updateTable('audit_head')
    .set((is) => ({ n: is.ref('n') }))
    .where('id', '=', 1)
    .execute()
}
