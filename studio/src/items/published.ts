/** What the newest release has of the items. */
import { releaseDocument } from 'asyncv/schemas'
import type { Database, Trx } from '../database/open.ts'
import { type Item, type ItemReference, releasedItems } from '../schemas/item.ts'
import { saysTheSame } from './content.ts'
import { keyOf, piecesOf } from './document.ts'

export interface Published {
  /** The number of the release; null before the first. */
  release: number | null
  /** By `keyOf`. */
  items: ReadonlyMap<string, ItemReference & { version: number; content: unknown }>
}

export async function readPublished(db: Database | Trx): Promise<Published> {
  const query = db.selectFrom('release').select(['n', 'document', 'items'])
  const newest = await query.orderBy('n', 'desc').limit(1).executeTakeFirst()
  if (newest === undefined) return { release: null, items: new Map() }
  const pieces = piecesOf(releaseDocument.parse(JSON.parse(newest.document)))
  const contents = new Map(pieces.map((piece) => [keyOf(piece), piece.content]))
  const items = releasedItems.parse(JSON.parse(newest.items))
  return {
    release: newest.n,
    items: new Map(items.map((one) => [keyOf(one), { ...one, content: contents.get(keyOf(one)) }])),
  }
}

/** Which version of an item is published, and whether that says something else than the item does. */
export function publicationOf(
  head: ItemReference & { content: unknown; deletedAt: number | null },
  { items }: Published,
): Pick<Item, 'published' | 'differs'> {
  const one = items.get(keyOf(head))
  if (one === undefined) return { published: null, differs: head.deletedAt === null }
  return { published: one.version, differs: head.deletedAt !== null || !saysTheSame(one.content, head.content) }
}
