import { AsyncvError } from '../errors.ts'
import { type Order, orders, type Page, type PageRequest } from '../page.ts'

/** The lists there are, and what the key looks like that each is sorted by. */
const keys = {
  tasks: /^[\w-]{1,64}$/,
  sessions: /^[\w-]{1,64}$/,
  deliveries: /^[\w-]{1,64}$/,
  keys: /^[\w-]{1,64}$/,
  files: /^[\w-]{1,64}$/,
  messages: /^\d{1,15}$/,
  releases: /^\d{1,15}$/,
  // Whoever changed the table may have given a row any number.
  audit: /^-?\d{1,19}$/,
}

type List = keyof typeof keys

/** Which part of a list is wanted, and how it is asked for. */
export interface Place {
  list: List
  order: Order
  limit: number
  /** The sort key of the last item seen. */
  after: string | null
  /** What the keys that follow are, compared with `after`. */
  beyond: '<' | '>'
  /** What the keys are up to one that is still to be read, compared with that. */
  within: '>=' | '<='
  direction: 'asc' | 'desc'
}

/** A cursor is the sort key of the last item seen, so that a list that changes meanwhile repeats and skips nothing. */
export function readPage(list: List, { limit = 50, cursor, order = usualOrder(list) }: PageRequest): Place {
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    throw new AsyncvError('input_invalid', `limit is ${String(limit)}.`, { hint: 'Give a whole number from 1 to 500.' })
  }
  if (!orders.includes(order)) {
    throw new AsyncvError('input_invalid', `order is ${JSON.stringify(order)}.`, { hint: 'Give newest or oldest.' })
  }
  const place: Place = {
    list,
    order,
    limit,
    after: null,
    ...(order === 'oldest'
      ? { beyond: '>', within: '<=', direction: 'asc' }
      : { beyond: '<', within: '>=', direction: 'desc' }),
  }
  if (cursor === undefined) return place
  const after = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .slice(`${labelOf(place)}:`.length)
  if (!keys[list].test(after) || toCursor(place, after) !== cursor) {
    throw new AsyncvError('input_invalid', `The cursor ${JSON.stringify(cursor.slice(0, 80))} is none of ${list}.`, {
      hint: 'Pass a nextCursor of the same list in the same order as it was given, or none to begin at the start.',
    })
  }
  return { ...place, after }
}

/** Cuts rows that were asked for with one more than `limit` to a page. */
export function toPage<Row, Item>(
  place: Place,
  rows: Row[],
  key: (row: Row) => string | number,
  item: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, place.limit)
  const last = shown.at(-1)
  return {
    data: shown.map(item),
    nextCursor: rows.length > place.limit && last !== undefined ? toCursor(place, key(last)) : null,
  }
}

function usualOrder(list: List): Order {
  return list === 'messages' ? 'oldest' : 'newest'
}

function toCursor(place: Place, key: string | number): string {
  return Buffer.from(`${labelOf(place)}:${key}`).toString('base64url')
}

function labelOf({ list, order }: Place): string {
  return order === usualOrder(list) ? list : `${list}/${order}`
}
