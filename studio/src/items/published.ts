/** What the newest release has of the items, and who refused it. */
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
  /** The runtimes that refused it, and what they have instead of an item, by `keyOf`. */
  refusals: readonly { runtime: string; has: ReadonlyMap<string, unknown> }[]
}

export async function readPublished(db: Database | Trx): Promise<Published> {
  const query = db.selectFrom('release').select(['n', 'document', 'items'])
  const newest = await query.orderBy('n', 'desc').limit(1).executeTakeFirst()
  if (newest === undefined) return { release: null, items: new Map(), refusals: [] }
  const contents = contentsOf(newest.document)
  const items = releasedItems.parse(JSON.parse(newest.items))
  return {
    release: newest.n,
    items: new Map(items.map((one) => [keyOf(one), { ...one, content: contents.get(keyOf(one)) }])),
    refusals: await readRefusals(db, newest.n),
  }
}

/** Mostly none: then it is one look into an index. */
async function readRefusals(db: Database | Trx, release: number): Promise<Published['refusals']> {
  const refused = await db
    .selectFrom('release_target')
    .innerJoin('runtime', 'runtime.id', 'release_target.runtime_id')
    .select(['runtime.id', 'runtime.name'])
    .where('release', '=', release)
    .where('state', '=', 'refused')
    .orderBy('runtime.name')
    .execute()
  const found: { runtime: string; has: ReadonlyMap<string, unknown> }[] = []
  for (const { id, name } of refused) {
    const before = await db
      .selectFrom('release_target')
      .innerJoin('release', 'release.n', 'release_target.release')
      .select('release.document')
      .where('runtime_id', '=', id)
      .where('revision', 'is not', null)
      .orderBy('release_target.release', 'desc')
      .limit(1)
      .executeTakeFirst()
    found.push({ runtime: name, has: before === undefined ? new Map() : contentsOf(before.document) })
  }
  return found
}

function contentsOf(document: string): Map<string, unknown> {
  const pieces = piecesOf(releaseDocument.parse(JSON.parse(document)))
  return new Map(pieces.map((piece) => [keyOf(piece), piece.content]))
}

/** Which version of an item is published, whether that says something else than the item does, and where it was refused. */
export function publicationOf(
  head: ItemReference & { content: unknown; deletedAt: number | null },
  { items, refusals }: Published,
): Pick<Item, 'published' | 'differs' | 'refusedBy'> {
  const key = keyOf(head)
  const one = items.get(key)
  if (one === undefined) {
    // Where the release that leaves it out was refused, it goes on.
    const refusedBy = refusals.filter(({ has }) => has.has(key)).map(({ runtime }) => runtime)
    return { published: null, differs: head.deletedAt === null, refusedBy }
  }
  return {
    published: one.version,
    differs: head.deletedAt !== null || !saysTheSame(one.content, head.content),
    // A refused release changes nothing: what it says as an earlier one did is in force all the same.
    refusedBy: refusals
      .filter(({ has }) => !has.has(key) || !saysTheSame(has.get(key), one.content))
      .map(({ runtime }) => runtime),
  }
}
