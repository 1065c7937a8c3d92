import type { z } from 'zod'
import type { Database, Trx } from '../database/open.ts'
import type { ItemReference } from '../schemas/item.ts'
import type { unpublishedChange, unpublishedChanges } from '../schemas/item-change.ts'
import { differenceOf } from '../schemas/item-difference.ts'
import { saysTheSame } from './content.ts'
import { keyOf } from './document.ts'
import { type Published, readPublished } from './published.ts'
import { type Head, readHeads } from './read.ts'

/** What publishing everything would change, by kind and name. What was saved and taken back again is no change. */
export async function listChanges(db: Database): Promise<z.infer<typeof unpublishedChanges>> {
  return db.transaction().execute(async (trx) => {
    const published = await readPublished(trx)
    const heads = [...(await readHeads(trx)), ...(await readHeads(trx, true))]
    const changes = heads
      .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
      .flatMap((head) => changeOf(head, published) ?? [])
    const reasons = await reasonsOf(trx, changes)
    const data = changes.map((change) => ({ ...change, reason: reasons.get(keyOf(change)) ?? null }))
    return { release: published.release, data }
  })
}

function changeOf(head: Head, { items }: Published): Omit<z.infer<typeof unpublishedChange>, 'reason'> | null {
  const released = items.get(keyOf(head))
  const { kind, name, version: to, changedAt, changedBy } = head
  const now = head.deletedAt === null ? head.content : undefined
  if (released === undefined && now === undefined) return null
  if (released !== undefined && now !== undefined && saysTheSame(released.content, now)) return null
  const change = released === undefined ? 'created' : now === undefined ? 'deleted' : 'changed'
  const difference = differenceOf(released?.content, now)
  return { kind, name, change, from: released?.version ?? null, to, changedAt, changedBy, difference }
}

/** Of the last save of each item, where somebody gave one. */
async function reasonsOf(trx: Trx, changed: readonly ItemReference[]): Promise<Map<string, string | null>> {
  if (changed.length === 0) return new Map()
  const rows = await trx
    .selectFrom('item')
    .innerJoin('item_version as last', (on) =>
      on.onRef('last.kind', '=', 'item.kind').onRef('last.name', '=', 'item.name').onRef('last.n', '=', 'item.version'),
    )
    .select(['item.kind', 'item.name', 'last.reason'])
    .where(
      'item.name',
      'in',
      changed.map(({ name }) => name),
    )
    .execute()
  return new Map(rows.map(({ reason, ...item }) => [keyOf(item), reason]))
}
