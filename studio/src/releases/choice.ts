/** From what was chosen to the document of the next release: the newest one's, with the chosen items as they are saved now. */
import type { Trx } from '../database/open.ts'
import { Problem } from '../http/problem.ts'
import { compose, type Draft, keyOf, type Piece } from '../items/document.ts'
import { readVersion } from '../items/read.ts'
import { usesOf } from '../items/references.ts'
import type { ItemReference } from '../schemas/item.ts'
import type { ItemProblem } from '../schemas/item-change.ts'
import { hashOf } from './envelope.ts'

export interface ReleasedItem extends ItemReference {
  version: number
}

export interface Composed {
  document: Draft
  hash: string
  items: ReleasedItem[]
  /** The release that it follows; null before the first. */
  after: { n: number; hash: string } | null
}

export interface Chosen extends ItemReference {
  /** Which was looked at. */
  version?: number | undefined
}

/** Throws `item_unknown`, `version_conflict` for another version than was looked at, and `release_invalid` for what would name items that it leaves out. */
export async function composeChoice(trx: Trx, chosen: readonly Chosen[] | 'all'): Promise<Composed> {
  const newest = await newestRelease(trx)
  const heads = await trx.selectFrom('item').select(['kind', 'name', 'version', 'content', 'deleted_at']).execute()
  const items = new Map((newest?.items ?? []).map((item) => [keyOf(item), item]))
  const byKey = new Map(heads.map((head) => [keyOf(head), head]))
  for (const { kind, name, version } of chosen === 'all' ? heads : chosen) {
    const head = byKey.get(keyOf({ kind, name }))
    if (head === undefined) throw new Problem('item_unknown', `There is no ${kind} "${name}".`)
    if (version !== undefined && version !== head.version) {
      throw new Problem(
        'version_conflict',
        `Somebody saved the ${kind} "${name}" meanwhile, as version ${head.version}.`,
        {
          hint: 'Look at what it says now, and publish again.',
        },
      )
    }
    if (head.deleted_at === null) items.set(keyOf(head), { kind, name, version: head.version })
    else items.delete(keyOf(head))
  }
  const list = inOrder([...items.values()])
  const pieces = await piecesAt(trx, list, heads)
  const dangling = danglingIn(pieces, heads)
  if (dangling.length > 0) {
    throw new Problem('release_invalid', `The ${dangling[0]?.kind} "${dangling[0]?.name}" ${dangling[0]?.detail}`, {
      errors: dangling,
      hint: 'Choose what belongs together, or publish everything.',
    })
  }
  const document = compose(pieces)
  return { document, hash: hashOf(document), items: list, after: newest && { n: newest.n, hash: newest.hash } }
}

export async function newestRelease(trx: Trx): Promise<{ n: number; hash: string; items: ReleasedItem[] } | null> {
  const row = await trx
    .selectFrom('release')
    .select(['n', 'hash', 'items'])
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : { ...row, items: JSON.parse(row.items) as ReleasedItem[] }
}

/** Each at its version, which most often is that of its head. */
async function piecesAt(
  trx: Trx,
  items: readonly ReleasedItem[],
  heads: readonly (ReleasedItem & { content: string })[],
): Promise<Piece[]> {
  const known = new Map(heads.map((head) => [keyOf(head), head]))
  const pieces: Piece[] = []
  for (const { kind, name, version } of items) {
    const head = known.get(keyOf({ kind, name }))
    const content: unknown =
      head?.version === version ? JSON.parse(head.content) : (await readVersion(trx, { kind, name }, version)).content
    pieces.push({ kind, name, content })
  }
  return pieces
}

/** The same list for the same items. */
export function inOrder(items: readonly ReleasedItem[]): ReleasedItem[] {
  return items.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
}

/** What Studio knows nothing of may be the own code's of a runtime, which the runtime itself judges. */
function danglingIn(pieces: readonly Piece[], known: readonly ItemReference[]): ItemProblem[] {
  const there = new Set(pieces.map(keyOf))
  const missing = known.filter((item) => !there.has(keyOf(item)))
  return missing.flatMap((item) =>
    usesOf(item, pieces).map((use) => ({
      ...use,
      detail: `names the ${item.kind} "${item.name}", which the release would not have.`,
    })),
  )
}
