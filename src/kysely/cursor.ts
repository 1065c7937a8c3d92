import { AsyncvError } from '../errors.ts'
import type { Page, PageRequest } from '../storage.ts'

/** A cursor is the sort key of the last item seen, so that a list that changes meanwhile repeats and skips nothing. */
export function readPage({ limit = 50, cursor }: PageRequest): { limit: number; after: string | null } {
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    throw new AsyncvError('input_invalid', `limit is ${String(limit)}.`, { hint: 'Give a whole number from 1 to 500.' })
  }
  if (cursor === undefined) return { limit, after: null }
  const after = Buffer.from(cursor, 'base64url').toString('utf8')
  if (!/^[0-9a-f-]{1,64}$/.test(after)) {
    throw new AsyncvError('input_invalid', `The cursor ${JSON.stringify(cursor.slice(0, 80))} is not one of ours.`, {
      hint: 'Pass a nextCursor as it was given, or none to begin at the start.',
    })
  }
  return { limit, after }
}

/** Cuts rows that were asked for with one more than `limit` to a page. */
export function toPage<Row, Item>(
  rows: Row[],
  limit: number,
  key: (row: Row) => string | number,
  item: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const nextCursor =
    rows.length > limit && last !== undefined ? Buffer.from(String(key(last))).toString('base64url') : null
  return { data: shown.map(item), nextCursor }
}
