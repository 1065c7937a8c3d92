import type { Database } from '../database/open.ts'
import type { ItemChange } from '../schemas/item-change.ts'
import { withName } from './content.ts'
import { keyOf, type Piece } from './document.ts'
import { readHeads, toPiece } from './read.ts'

/** All saved items, with what somebody is about to save in the place of some. Nobody has looked at that yet. */
export async function draftPieces(db: Database, changes: readonly ItemChange[]): Promise<Piece[]> {
  const pieces = new Map((await readHeads(db)).map((head) => [keyOf(head), toPiece(head)]))
  for (const { kind, name, content } of changes) {
    if (content === null) pieces.delete(keyOf({ kind, name }))
    else pieces.set(keyOf({ kind, name }), { kind, name, content: withName(kind, name, content) })
  }
  return [...pieces.values()]
}
