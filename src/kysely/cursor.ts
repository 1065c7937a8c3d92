import { AsyncvError } from '../errors.ts'
import type { Page, PageRequest } from '../page.ts'

/** The lists there are, and what the key looks like that each is sorted by. */
const keys = {
  tasks: /^[\w-]{1,64}$/,
  sessions: /^[\w-]{1,64}$/,
  deliveries: /^[\w-]{1,64}$/,
  keys: /^[\w-]{1,64}$/,
  files: /^[\w-]{1,64}$/,
  messages: /^\d{1,15}$/,
}

type List = keyof typeof keys

/** A cursor is the sort key of the last item seen, so that a list that changes meanwhile repeats and skips nothing. */
export function readPage(list: List, { limit = 50, cursor }: PageRequest): { limit: number; after: string | null } {
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    throw new AsyncvError('input_invalid', `limit is ${String(limit)}.`, { hint: 'Give a whole number from 1 to 500.' })
  }
  if (cursor === undefined) return { limit, after: null }
  const after = Buffer.from(cursor, 'base64url').toString('utf8').slice(`${list}:`.length)
  if (!keys[list].test(after) || toCursor(list, after) !== cursor) {
    throw new AsyncvError('input_invalid', `The cursor ${JSON.stringify(cursor.slice(0, 80))} is none of ${list}.`, {
      hint: 'Pass a nextCursor of the same list as it was given, or none to begin at the start.',
    })
  }
  return { limit, after }
}

/** Cuts rows that were asked for with one more than `limit` to a page. */
export function toPage<Row, Item>(
  list: List,
  rows: Row[],
  limit: number,
  key: (row: Row) => string | number,
  item: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    data: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? toCursor(list, key(last)) : null,
  }
}

function toCursor(list: List, key: string | number): string {
  return Buffer.from(`${list}:${key}`).toString('base64url')
}
