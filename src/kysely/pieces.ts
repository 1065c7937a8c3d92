import type { Place } from './cursor.ts'

/** Rows looked at in one query: about a millisecond. */
export const piece = 2_000

/** Lets others have their turn: a database in this process answers without letting the event loop go round. */
export type Turn = () => Promise<void>

/** A part of a list, in its order. */
export interface Piece {
  /** Begins behind this key; null is the beginning. */
  after: string | null
  /** Ends with this key; null is the end of the list. */
  upTo: string | null
  limit: number
}

/**
 * Rows for a page of a list of which only some are wanted, and no index tells which: an index would cost each message,
 * and what is rare may be nowhere in the list, so that it is walked whole. It is walked in pieces between which others
 * have their turn.
 */
export async function inPieces<Row>(
  place: Place,
  /** The key that many rows behind that one; null when there are not so many. */
  skip: (after: string | null, rows: number) => Promise<string | null>,
  find: (piece: Piece) => Promise<Row[]>,
  turn: Turn,
): Promise<Row[]> {
  const rows: Row[] = []
  for (let { after } = place; ; ) {
    const upTo = await skip(after, piece)
    rows.push(...(await find({ after, upTo, limit: place.limit + 1 - rows.length })))
    if (upTo === null || rows.length > place.limit) return rows
    after = upTo
    await turn()
  }
}
