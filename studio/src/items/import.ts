/** Makes items of a document: of a file, or of what runs somewhere. All of it, or none. */
import { configSchema, documentProblems, releaseDocument, releaseSchemaVersion } from 'asyncv/schemas'
import type { z } from 'zod'
import type { Trx } from '../database/open.ts'
import { append } from '../audit/append.ts'
import { Problem } from '../http/problem.ts'
import { itemKinds } from '../schemas/item.ts'
import type { ImportResult, importRequest } from '../schemas/item-change.ts'
import { differenceOf } from '../schemas/item-difference.ts'
import { type Content, contentPlaces, invalidContent, type Place, saysTheSame } from './content.ts'
import { type Draft, keyOf, type Piece, piecesOf } from './document.ts'
import { heldSecrets } from './held-secrets.ts'
import type { ItemPorts } from './ports.ts'
import { mostOfAKind, noRoom } from './room.ts'
import { findHead, type Head, readHeads } from './read.ts'
import type { Types } from './types.ts'
import { type Author, writeVersion } from './write.ts'

export interface Import {
  document: Readonly<Record<string, unknown>>
  /** Whether what the document does not have goes. */
  replace: boolean
  dryRun: boolean
  /** The changes that somebody was shown, and has agreed to. Default: whichever they are. */
  seen?: z.output<typeof importRequest>['seen']
  reason: string | null
  /** For the audit log: where it comes from. */
  source: Readonly<Record<string, unknown>>
  /** Throws when these changes are not to be made. */
  allow?(changes: ImportResult['changes'], there: readonly Head[]): void
}

export type ImportPorts = Omit<ItemPorts, 'runtimes'>

type Planned = ImportResult['changes'][number] & { head: Head | null; content: Content | null }

/** Throws `input_invalid` that names each place of the document, and `version_conflict` for other changes than were shown. */
export async function importDocument(
  by: Author,
  wanted: Import,
  { db, types, now, saved }: ImportPorts,
): Promise<ImportResult> {
  const pieces = await soundPieces(wanted.document, types)
  const result = await db.transaction().execute(async (trx) => {
    const there = await readHeads(trx)
    const { planned, unchanged } = await plan(trx, pieces, there, wanted.replace)
    const changes = planned.map(({ head: _, content: __, ...change }) => change)
    wanted.allow?.(changes, there)
    checkSeen(wanted.seen, planned)
    checkRoom(there, planned)
    if (!wanted.dryRun && planned.length > 0) await carryOut(trx, planned)
    return { dryRun: wanted.dryRun, unchanged, changes }
  })
  if (!wanted.dryRun) saved(result.changes)
  return result

  async function carryOut(trx: Trx, planned: readonly Planned[]): Promise<void> {
    const note = { at: now(), by, reason: wanted.reason }
    const count = (which: string): number => planned.filter(({ change }) => change === which).length
    const counts = { created: count('created'), changed: count('changed'), deleted: count('deleted') }
    const detail = { ...wanted.source, ...counts, ...(wanted.reason === null ? {} : { reason: wanted.reason }) }
    await append(trx, { at: note.at, by, action: 'item.imported', target: 'items', detail })
    for (const { kind, name, change, head, content } of planned) {
      await writeVersion(trx, head, { kind, name, content, action: actions[change] }, note)
    }
  }
}

const actions = { created: 'item.created', changed: 'item.saved', deleted: 'item.deleted' } as const

/** Who saves between somebody's look and their yes is not written over. */
function checkSeen(seen: Import['seen'], planned: readonly Planned[]): void {
  if (seen === undefined) return
  const said = ({ kind, name, version }: NonNullable<Import['seen']>[number]) => `${kind} ${name} ${version}`
  const now = new Set(planned.map(said))
  if (seen.length === now.size && seen.every((one) => now.has(said(one)))) return
  throw new Problem('version_conflict', 'Somebody saved meanwhile, so other changes would be made; nothing was done.', {
    hint: 'Look at what would change once more.',
  })
}

/** One by one there is room for no more either. */
function checkRoom(there: readonly Head[], planned: readonly Planned[]): void {
  for (const kind of itemKinds) {
    const of = planned.filter((one) => one.kind === kind)
    const more =
      of.filter(({ change }) => change === 'created').length - of.filter(({ change }) => change === 'deleted').length
    const count = there.filter((head) => head.kind === kind).length + more
    if (count > mostOfAKind && more > 0) throw noRoom(kind)
  }
}

async function plan(trx: Trx, pieces: readonly Piece[], there: readonly Head[], replace: boolean) {
  const planned: Planned[] = []
  for (const { kind, name, content } of pieces) {
    const head = await findHead(trx, { kind, name })
    const before = head?.deletedAt === null ? head.content : undefined
    if (before !== undefined && saysTheSame(before, content)) continue
    const change = before === undefined ? 'created' : 'changed'
    const version = (head?.version ?? 0) + 1
    const difference = differenceOf(before, content)
    planned.push({ kind, name, change, version, difference, head, content: content as Content }) // sound since `soundPieces`
  }
  const unchanged = pieces.length - planned.length
  const kept = new Set(pieces.map(keyOf))
  for (const head of replace ? there.filter((one) => !kept.has(keyOf(one))) : []) {
    const { kind, name, version, content } = head
    const difference = differenceOf(content, undefined)
    planned.push({ kind, name, change: 'deleted', version: version + 1, difference, head, content: null })
  }
  return { planned, unchanged }
}

async function soundPieces(given: Readonly<Record<string, unknown>>, types: Types): Promise<Piece[]> {
  const document = Object.hasOwn(given, 'schemaVersion') ? given : portable(given)
  const wrong = documentProblems(document)
  if (wrong.length > 0) throw invalidContent(wrong.map((place) => within('/document', place)))
  const pieces = piecesOf(releaseDocument.parse(document) as Draft)
  const places: Place[] = []
  const seen = new Set<string>()
  for (const piece of pieces) {
    const held = [...contentPlaces(piece), ...(await heldSecrets(piece, types))]
    const below = (pointer: string): string => pointer.replace(/^\/(?:content|name)/, '')
    const start = `/document${piece.place}`
    places.push(...held.map(({ pointer, detail }) => ({ pointer: start + below(pointer), detail })))
    if (seen.has(keyOf(piece))) {
      const detail =
        piece.kind === 'route' ? `is a second route of connector "${piece.name}"` : `is a second ${piece.name}`
      places.push({ pointer: start, detail })
    }
    seen.add(keyOf(piece))
  }
  if (places.length > 0) throw invalidContent(places)
  return pieces
}

/** What of a configuration is a release. What belongs to its host stays with the file. */
function portable(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = Object.keys(configSchema.shape)
  const unknown = Object.keys(config).filter((key) => !known.includes(key))
  if (unknown.length > 0) {
    throw invalidContent(unknown.map((key) => within('/document', { pointer: `/${key}`, detail: 'unknown key' })))
  }
  const { agents = [], routes = [], providers = {}, connectors = {} } = config
  return { schemaVersion: releaseSchemaVersion, agents, routes, providers, connectors }
}

function within(start: string, { pointer, detail }: Place): Place {
  return { pointer: start + pointer, detail }
}
