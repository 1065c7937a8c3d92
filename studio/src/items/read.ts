import type { Selectable } from 'kysely'
import type { z } from 'zod'
import type { Database, Trx } from '../database/open.ts'
import type { ItemRow, ItemVersionRow } from '../database/tables.ts'
import { Problem } from '../http/problem.ts'
import type { Item, ItemReference, itemQuery, itemVersion, versionDifference } from '../schemas/item.ts'
import { differenceOf } from '../schemas/item-difference.ts'
import type { Content } from './content.ts'
import type { Piece } from './document.ts'
import { type Published, publicationOf, readPublished } from './published.ts'

/** What is saved of an item, whatever is published of it. */
export type Head = Omit<Item, 'published' | 'differs' | 'refusedBy'>

/** Those that are there, or with `deleted` those that are not, by kind and name. */
export async function readHeads(db: Database | Trx, deleted = false): Promise<Head[]> {
  const query = db
    .selectFrom('item')
    .selectAll()
    .where('deleted_at', deleted ? 'is not' : 'is', null)
  return (await query.orderBy('kind').orderBy('name').execute()).map(toHead)
}

/** Throws `item_unknown` for one that never was; one that was deleted is given as such. */
export async function readHead(db: Database | Trx, { kind, name }: ItemReference): Promise<Head> {
  const head = await findHead(db, { kind, name })
  if (head === null) throw new Problem('item_unknown', `There is no ${kind} ${JSON.stringify(name)}.`)
  return head
}

export async function findHead(db: Database | Trx, { kind, name }: ItemReference): Promise<Head | null> {
  const row = await db
    .selectFrom('item')
    .selectAll()
    .where('kind', '=', kind)
    .where('name', '=', name)
    .executeTakeFirst()
  return row === undefined ? null : toHead(row)
}

export async function listItems(db: Database, { kind, search, deleted }: z.output<typeof itemQuery>): Promise<Item[]> {
  const [heads, published] = [await readHeads(db, deleted === 'true'), await readPublished(db)]
  const wanted = search.toLowerCase()
  return heads
    .filter((head) => kind === undefined || head.kind === kind)
    .filter(({ name, content }) => [name, ...textsIn(content)].some((text) => text.toLowerCase().includes(wanted)))
    .map((head) => withPublication(head, published))
}

export function withPublication(head: Head, published: Published): Item {
  return { ...head, ...publicationOf(head, published) }
}

/** Newest first, without their contents. */
export async function listVersions(db: Database, item: ItemReference): Promise<z.infer<typeof itemVersion>[]> {
  await readHead(db, item)
  const query = db.selectFrom('item_version').selectAll().where('kind', '=', item.kind).where('name', '=', item.name)
  return (await query.orderBy('n', 'desc').execute()).map(toVersion)
}

/** Throws `item_unknown`. */
export async function readVersion(
  db: Database | Trx,
  { kind, name }: ItemReference,
  n: number,
): Promise<z.infer<typeof itemVersion> & { content: Content }> {
  const query = db.selectFrom('item_version').selectAll().where('kind', '=', kind).where('name', '=', name)
  const row = await query.where('n', '=', n).executeTakeFirst()
  if (row !== undefined) return { ...toVersion(row), content: JSON.parse(row.content) as Content }
  throw new Problem('item_unknown', `There is no version ${n} of ${kind} ${JSON.stringify(name)}.`)
}

/** What differs from one version to another, in either direction. A version that is a deletion has nothing. */
export async function versionsApart(
  db: Database,
  item: ItemReference,
  { from, to }: { from: number; to: number },
): Promise<z.infer<typeof versionDifference>> {
  const contentOf = async (n: number): Promise<Content | undefined> => {
    const { deleted, content } = await readVersion(db, item, n)
    return deleted ? undefined : content
  }
  return { from, to, difference: differenceOf(await contentOf(from), await contentOf(to)) }
}

export function toPiece({ kind, name, content }: Head): Piece {
  return { kind, name, content }
}

function toHead(row: Selectable<ItemRow>): Head {
  return {
    kind: row.kind,
    name: row.name,
    version: row.version,
    content: JSON.parse(row.content) as Content, // checked when it was written
    changedAt: row.changed_at,
    changedBy: { id: row.changed_by, name: row.changed_by_name },
    deletedAt: row.deleted_at,
  }
}

function toVersion(row: Selectable<ItemVersionRow>): z.infer<typeof itemVersion> {
  return {
    n: row.n,
    author: { id: row.author, name: row.author_name },
    at: row.at,
    reason: row.reason,
    deleted: row.deleted === 1,
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
