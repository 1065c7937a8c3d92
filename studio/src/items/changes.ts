import type { z } from 'zod'
import type { Database, Trx } from '../database/open.ts'
import type { ItemReference } from '../schemas/item.ts'
import type { unpublishedChange, unpublishedChanges } from '../schemas/item-change.ts'
import { differenceOf } from '../schemas/item-difference.ts'
import { saysTheSame } from './content.ts'
import { keyOf } from './document.ts'
import { type Published, readPublished } from './published.ts'
import { type Head, readHeads, readVersion } from './read.ts'

/** What publishing everything would change, by kind and name. What was saved and taken back again is no change. */
export async function listChanges(db: Database): Promise<z.infer<typeof unpublishedChanges>> {
  return db.transaction().execute(async (trx) => {
    const published = await readPublished(trx)
    const heads = [...(await readHeads(trx)), ...(await readHeads(trx, true))]
    const data: z.infer<typeof unpublishedChange>[] = []
    for (const head of heads.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))) {
      const change = changeOf(head, published)
      if (change !== null) data.push({ ...change, reason: await reasonOf(trx, head) })
    }
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

async function reasonOf(trx: Trx, { version, ...reference }: ItemReference & { version: number }) {
  return (await readVersion(trx, reference, version)).reason
}
