import { type Draft, pieceAt, piecesOf } from '../items/document.ts'
import type { ItemProblem } from '../schemas/item-change.ts'

/** What a runtime says of a document of items, at the items and the places in these. */
export function atItems(document: unknown, problems: readonly { pointer: string; detail: string }[]): ItemProblem[] {
  // As it was composed here, whatever it says.
  const pieces = piecesOf(document as Partial<Draft>)
  return problems.map(({ pointer, detail }) => {
    const place = pieceAt(pointer, pieces) ?? { kind: null, name: null, pointer }
    return { ...place, detail }
  })
}
