/** Items as people work on them. Every change is one transaction: what is there, a version that stays, a line of the audit log. */
import type { z } from 'zod'
import type { Trx } from '../database/open.ts'
import { Problem } from '../http/problem.ts'
import type {
  Item,
  itemCreation,
  itemDeletion,
  ItemReference,
  itemRenamed,
  itemRenaming,
  itemRestoring,
  itemSaving,
  ItemUse,
} from '../schemas/item.ts'
import { type Content, invalidContent, saysTheSame, soundContent } from './content.ts'
import { heldSecrets } from './held-secrets.ts'
import { readPublished } from './published.ts'
import { findHead, type Head, readHead, readHeads, readVersion, toPiece, withPublication } from './read.ts'
import { usesOf } from './references.ts'
import { renameItem } from './rename.ts'
import { checkRoom } from './room.ts'
import type { ItemPorts } from './ports.ts'
import { type Author, checkBase, writeVersion } from './write.ts'

export interface Items {
  get(reference: ItemReference): Promise<Item & { usedBy: ItemUse[] }>
  /** Throws `name_taken`. What has the name of something deleted goes on with its numbers. */
  create(by: Author, wanted: z.output<typeof itemCreation>): Promise<Item>
  /** Throws `version_conflict` with what is there now. What says what is there already is no new version. */
  save(by: Author, reference: ItemReference, wanted: z.output<typeof itemSaving>): Promise<Item>
  /** Throws `version_conflict` as a save does. Gives also what named it. */
  remove(
    by: Author,
    reference: ItemReference,
    wanted: z.output<typeof itemDeletion>,
  ): Promise<Item & { usedBy: ItemUse[] }>
  /** Brings back what was deleted, or an earlier version. */
  restore(by: Author, reference: ItemReference, wanted: z.output<typeof itemRestoring>): Promise<Item>
  /** What names it takes the new name along. Sessions of people who call an agent by its name do not. */
  rename(
    by: Author,
    reference: ItemReference,
    wanted: z.output<typeof itemRenaming>,
  ): Promise<z.infer<typeof itemRenamed>>
}

export function createItems({ db, types, now, saved }: Omit<ItemPorts, 'runtimes'>): Items {
  return { get, create, save, remove, restore, rename }

  async function get(reference: ItemReference) {
    return db.transaction().execute(async (trx) => {
      const head = await readHead(trx, reference)
      return { ...(await shown(trx, head)), usedBy: usesOf(head, (await readHeads(trx)).map(toPiece)) }
    })
  }

  async function create(by: Author, { kind, name, content: given, reason }: z.output<typeof itemCreation>) {
    const content = await sound({ kind, name }, given)
    return changing(async (trx) => {
      const head = await findHead(trx, { kind, name })
      if (head?.deletedAt === null) throw taken({ kind, name })
      await checkRoom(trx, kind)
      return writeVersion(trx, head, { kind, name, content, action: 'item.created' }, { at: now(), by, reason })
    })
  }

  async function save(
    by: Author,
    reference: ItemReference,
    { base, content: given, reason }: z.output<typeof itemSaving>,
  ) {
    const content = await sound(reference, given)
    return changing(async (trx) => {
      const head = await readHead(trx, reference)
      await checkBase(trx, head, base)
      checkThere(head)
      if (saysTheSame(head.content, content)) return head
      return writeVersion(trx, head, { ...reference, content, action: 'item.saved' }, { at: now(), by, reason })
    })
  }

  async function remove(by: Author, reference: ItemReference, { base, reason }: z.output<typeof itemDeletion>) {
    let usedBy: ItemUse[] = []
    const item = await changing(async (trx) => {
      const head = await readHead(trx, reference)
      await checkBase(trx, head, base)
      checkThere(head)
      usedBy = usesOf(reference, (await readHeads(trx)).map(toPiece))
      return writeVersion(trx, head, { ...reference, content: null, action: 'item.deleted' }, { at: now(), by, reason })
    })
    return { ...item, usedBy }
  }

  async function restore(
    by: Author,
    reference: ItemReference,
    { version, base, reason }: z.output<typeof itemRestoring>,
  ) {
    const wanted = version ?? (await readHead(db, reference)).version
    // Versions are never written again, so what is looked at here is what is brought back below.
    const content = await sound(reference, (await readVersion(db, reference, wanted)).content)
    return changing(async (trx) => {
      const head = await readHead(trx, reference)
      await checkBase(trx, head, base)
      if (version === undefined && head.deletedAt === null) {
        throw new Problem('state_conflict', `The ${head.kind} ${JSON.stringify(head.name)} is there.`, {
          hint: 'Say which version is to be brought back.',
        })
      }
      if (head.deletedAt !== null) await checkRoom(trx, head.kind)
      else if (saysTheSame(head.content, content)) return head
      const next = { ...reference, content, action: 'item.restored', detail: { from: wanted } } as const
      return writeVersion(trx, head, next, { at: now(), by, reason })
    })
  }

  async function rename(by: Author, reference: ItemReference, wanted: z.output<typeof itemRenaming>) {
    const done = await db.transaction().execute(async (trx) => {
      const head = await readHead(trx, reference)
      await checkBase(trx, head, wanted.base)
      checkThere(head)
      const { renamed, followed, written } = await renameItem(trx, head, wanted.name, {
        at: now(),
        by,
        reason: wanted.reason,
      })
      return { answer: { item: await shown(trx, renamed), followed }, written }
    })
    saved(done.written)
    return done.answer
  }

  /** Commits one change, and tells of it afterwards. */
  async function changing(change: (trx: Trx) => Promise<Head>): Promise<Item> {
    const item = await db.transaction().execute(async (trx) => shown(trx, await change(trx)))
    saved([item])
    return item
  }

  /** Runtimes may have to be asked, so this is no part of a transaction. */
  async function sound({ kind, name }: ItemReference, given: unknown): Promise<Content> {
    const content = soundContent(kind, name, given)
    const held = await heldSecrets({ kind, name, content }, types)
    if (held.length > 0) throw invalidContent(held)
    return content
  }
}

async function shown(trx: Trx, head: Head): Promise<Item> {
  return withPublication(head, await readPublished(trx))
}

function taken({ kind, name }: ItemReference): Problem {
  return new Problem('name_taken', `There is another ${kind} ${JSON.stringify(name)}.`, { hint: 'Use another name.' })
}

function checkThere({ kind, name, deletedAt }: Head): void {
  if (deletedAt === null) return
  throw new Problem('state_conflict', `The ${kind} ${JSON.stringify(name)} was deleted.`, { hint: 'Restore it first.' })
}
