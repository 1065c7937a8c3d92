import type { Trx } from '../database/open.ts'
import type { itemRenamed } from '../schemas/item.ts'
import type { z } from 'zod'
import { Problem } from '../http/problem.ts'
import { type Content, invalidContent, soundContent } from './content.ts'
import type { Piece } from './document.ts'
import { findHead, type Head, readHeads, toPiece } from './read.ts'
import { renamedIn } from './references.ts'
import { type Note, writeVersion } from './write.ts'

export interface Renaming {
  renamed: Head
  followed: z.infer<typeof itemRenamed>['followed']
  /** All that has a new version: also what was given up under an old name. */
  written: Head[]
}

/**
 * The history of an item is that of its name: under the old one it ends with a deletion, under the new one a history begins,
 * or goes on where something of that name was deleted. Whatever names it follows in the same transaction, so no release has
 * one without the other. A route is called like its connector, and follows as one.
 */
export async function renameItem(trx: Trx, head: Head, to: string, note: Note): Promise<Renaming> {
  if (to === head.name) throw invalidContent([{ pointer: '/name', detail: 'is its name already' }])
  const moved = await move(trx, head, ownPiece(head, to), note)
  const written = [...moved]
  const followed: Renaming['followed'] = []
  for (const one of await readHeads(trx)) {
    const piece = renamedIn(toPiece(one), head, to)
    if (piece === null) continue
    const detail = { follows: { kind: head.kind, from: head.name, to } }
    const next = { ...piece, content: piece.content as Content, action: 'item.saved', detail } as const
    const heads =
      piece.name === one.name ? [await writeVersion(trx, one, next, note)] : await move(trx, one, piece, note)
    const { kind, name, version } = heads.at(-1)! // one or two were written
    written.push(...heads)
    followed.push({ kind, name, version })
  }
  return { renamed: moved.at(-1)!, followed, written } // two were written
}

/** What it says of its own name goes along. */
function ownPiece({ kind, content }: Head, to: string): Piece {
  const own = kind === 'agent' ? { name: to } : kind === 'route' ? { connector: to } : {}
  return { kind, name: to, content: { ...content, ...own } }
}

/** Gives what is left under the old name, and what is there under the new one. */
async function move(trx: Trx, head: Head, { kind, name, content }: Piece, note: Note): Promise<Head[]> {
  const there = await findHead(trx, { kind, name })
  if (there?.deletedAt === null) {
    throw new Problem('name_taken', `There is another ${kind} ${JSON.stringify(name)}.`, { hint: 'Use another name.' })
  }
  const sound = soundContent(kind, name, content)
  const detail = { from: head.name, to: name }
  return [
    await writeVersion(trx, head, { kind, name: head.name, content: null, action: 'item.renamed', detail }, note),
    await writeVersion(trx, there, { kind, name, content: sound, action: 'item.renamed', detail }, note),
  ]
}
