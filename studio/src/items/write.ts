/** The only place that writes items: the item, its version and what the audit log says of it, in the caller's transaction. */
import type { AuditAction } from '../audit/actions.ts'
import { append } from '../audit/append.ts'
import type { Trx } from '../database/open.ts'
import { Problem } from '../http/problem.ts'
import type { ItemReference } from '../schemas/item.ts'
import { differenceOf } from '../schemas/item-difference.ts'
import type { Content } from './content.ts'
import { keyOf } from './document.ts'
import { findHead, type Head, withPublication } from './read.ts'
import { readPublished } from './published.ts'

/** Who saves something. */
export interface Author {
  id: string
  login: string
  /** As people call them. */
  name: string
}

export interface Note {
  at: number
  by: Author
  reason: string | null
}

export interface NextVersion extends ItemReference {
  /** Null: it is deleted, and its last version keeps what it was. */
  content: Content | null
  action: Extract<AuditAction, `item.${string}`>
  /** What the audit log says beside the version, the reason and the fields. */
  detail?: Readonly<Record<string, unknown>>
}

/** `head` is what was read in this transaction; null for what never was. Gives the item as it is then. */
export async function writeVersion(
  trx: Trx,
  head: Head | null,
  { kind, name, content: next, action, detail }: NextVersion,
  { at, by, reason }: Note,
): Promise<Head> {
  const version = (head?.version ?? 0) + 1
  const deleted = next === null
  const content = next ?? head?.content ?? {}
  const text = JSON.stringify(content)
  const row = {
    version,
    content: text,
    changed_at: at,
    changed_by: by.id,
    changed_by_name: by.name,
    deleted_at: deleted ? at : null,
  }
  if (head === null)
    await trx
      .insertInto('item')
      .values({ kind, name, ...row })
      .execute()
  else {
    // What was read is what is replaced, also when the transaction around this should ever let others in between.
    const query = trx.updateTable('item').set(row).where('kind', '=', kind).where('name', '=', name)
    const { numUpdatedRows } = await query.where('version', '=', head.version).executeTakeFirst()
    if (numUpdatedRows !== 1n) throw await conflict(trx, { kind, name })
  }
  await trx
    .insertInto('item_version')
    .values({
      kind,
      name,
      n: version,
      content: text,
      author: by.id,
      author_name: by.name,
      at,
      reason,
      deleted: deleted ? 1 : 0,
    })
    .execute()
  const before = head === null || head.deletedAt !== null ? undefined : head.content
  const fields = differenceOf(before, deleted ? undefined : content).map(({ pointer }) => pointer)
  await append(trx, {
    at,
    by,
    action,
    target: keyOf({ kind, name }),
    detail: { version, fields, ...(reason === null ? {} : { reason }), ...detail },
  })
  return {
    kind,
    name,
    version,
    content,
    changedAt: at,
    changedBy: { id: by.id, name: by.name },
    deletedAt: row.deleted_at,
  }
}

/** Throws `version_conflict` with what is there now when that is not what somebody has changed. */
export async function checkBase(trx: Trx, head: Head, base: number | undefined): Promise<void> {
  if (base !== undefined && head.version !== base) throw await conflict(trx, head)
}

async function conflict(trx: Trx, reference: ItemReference): Promise<Problem> {
  const head = await findHead(trx, reference)
  const { kind, name } = reference
  const who = `${head?.changedBy.name} has ${head?.deletedAt === null ? 'saved' : 'deleted'} ${kind} ${JSON.stringify(name)} meanwhile`
  return new Problem('version_conflict', `${who}: version ${head?.version} is there now.`, {
    hint: 'Look at what is there now, and save what of yours belongs on top of it.',
    extra: head === null ? {} : { current: withPublication(head, await readPublished(trx)) },
  })
}
