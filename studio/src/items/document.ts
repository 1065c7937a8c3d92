/** Items and the release document that they are the pieces of. */
import { releaseSchemaVersion } from 'asyncv/schemas'
import type { ItemKind, ItemReference } from '../schemas/item.ts'

export interface Piece extends ItemReference {
  content: unknown
}

/** A release document whose pieces nobody has looked at yet. */
export interface Draft {
  schemaVersion: number
  agents: unknown[]
  routes: unknown[]
  providers: Record<string, unknown>
  connectors: Record<string, unknown>
}

/** The same document for the same pieces, in whatever order they come: each kind by name. */
export function compose(pieces: readonly Piece[]): Draft {
  const named = (kind: ItemKind): [string, unknown][] =>
    ofKind(pieces, kind).map(({ name, content }) => [name, content])
  return {
    schemaVersion: releaseSchemaVersion,
    agents: named('agent').map(([, content]) => content),
    routes: named('route').map(([, content]) => content),
    providers: Object.fromEntries(named('provider')),
    connectors: Object.fromEntries(named('connector')),
  }
}

/** By UTF-16 code units, as canonical JSON sorts keys: no language of a host changes it. */
function ofKind(pieces: readonly Piece[], kind: ItemKind): Piece[] {
  return pieces.filter((piece) => piece.kind === kind).toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

/** The pieces of a document that has the form of one, each with its place there. */
export function piecesOf(document: Partial<Draft>): (Piece & { place: string })[] {
  const { agents = [], routes = [], providers = {}, connectors = {} } = document
  const listed = (kind: ItemKind, list: string, key: string, contents: readonly unknown[]) =>
    contents.map((content, index) => ({ kind, name: textAt(content, key), content, place: `/${list}/${index}` }))
  const named = (kind: ItemKind, list: string, parts: Record<string, unknown>) =>
    Object.entries(parts).map(([name, content]) => ({ kind, name, content, place: `/${list}/${name}` }))
  return [
    ...listed('agent', 'agents', 'name', agents),
    ...listed('route', 'routes', 'connector', routes),
    ...named('connector', 'connectors', connectors),
    ...named('provider', 'providers', providers),
  ]
}

/**
 * The piece that a pointer into the document of `compose` leads to, and the place within it; null for what is of none. A
 * runtime may lead further, into what it made of a value: one model is a list of models to it.
 */
export function pieceAt(pointer: string, pieces: readonly Piece[]): (ItemReference & { pointer: string }) | null {
  const [, list = '', step = '', ...within] = pointer.split('/')
  const piece = pieceOf(list, step, pieces)
  if (piece === undefined) return null
  return { kind: piece.kind, name: piece.name, pointer: placeIn(piece.content, within) }
}

function pieceOf(list: string, step: string, pieces: readonly Piece[]): Piece | undefined {
  switch (list) {
    case 'agents':
      return ofKind(pieces, 'agent')[indexOf(step)]
    case 'routes':
      return ofKind(pieces, 'route')[indexOf(step)]
    case 'connectors':
      return pieces.find(({ kind, name }) => kind === 'connector' && name === unescaped(step))
    case 'providers':
      return pieces.find(({ kind, name }) => kind === 'provider' && name === unescaped(step))
    default:
      return undefined
  }
}

/** As far as there is something to look into. */
function placeIn(content: unknown, steps: readonly string[]): string {
  let [value, pointer] = [content, '']
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) break
    value = (value as Record<string, unknown>)[unescaped(step)]
    pointer += `/${step}`
    if (value === undefined) return [pointer, ...steps.slice(pointer.split('/').length - 1)].join('/')
  }
  return pointer
}

/** What an item is known by among others. */
export function keyOf({ kind, name }: ItemReference): string {
  return `${kind}/${name}`
}

function indexOf(step: string): number {
  return /^\d+$/.test(step) ? Number(step) : -1
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

function textAt(content: unknown, key: string): string {
  const value: unknown = (Object(content) as Record<string, unknown>)[key]
  return typeof value === 'string' ? value : ''
}
