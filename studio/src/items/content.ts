/** What an item may say: what a release document may say at its place. */
import { canonicalJson, documentProblems, partName, releaseDocument } from 'asyncv/schemas'
import { isDeepStrictEqual } from 'node:util'
import { Problem } from '../http/problem.ts'
import type { ItemReference } from '../schemas/item.ts'
import { compose, type Piece, pieceAt, piecesOf } from './document.ts'

export type Content = Record<string, unknown>

export interface Place {
  pointer: string
  detail: string
}

/** Characters of JSON: the longest instructions, with room for all the rest. */
export const mostCharacters = 400_000

/**
 * A piece in the form in which it is kept: with the defaults that releases write out, and with the name that it is known by.
 * Throws `input_invalid` that names each place below `/content`.
 */
export function soundContent(kind: ItemReference['kind'], name: string, given: unknown): Content {
  const piece = { kind, name, content: withName(kind, name, given) }
  const places = contentPlaces(piece)
  if (places.length > 0) throw invalidContent(places)
  const [sound] = piecesOf(releaseDocument.parse(compose([piece])))
  return sound?.content as Content // one piece in, one out
}

/** What is wrong with the form of a piece; `/name` is that of its name. */
export function contentPlaces(piece: Piece): Place[] {
  const { kind, name, content } = piece
  if (!partName.test(name) || name === '__proto__') {
    return [{ pointer: '/name', detail: 'use 1 to 64 letters, digits, "_" or "-"' }]
  }
  const key = nameField[kind]
  const said = key === null ? undefined : (Object(content) as Content)[key]
  if (key !== null && said !== name) {
    const detail = `is not the name of the ${kind}, ${JSON.stringify(name)}; a renaming is a step of its own`
    return [{ pointer: `/content/${key}`, detail }]
  }
  const text = textOf(content)
  if (typeof text !== 'string') return [{ pointer: '/content', detail: text.detail }]
  if (text.length > mostCharacters) {
    return [
      { pointer: '/content', detail: `is ${text.length} characters of JSON; at most ${mostCharacters} are taken` },
    ]
  }
  return documentProblems(compose([piece])).map(({ pointer, detail }) => ({
    pointer: `/content${pieceAt(pointer, [piece])?.pointer ?? ''}`,
    detail,
  }))
}

export function invalidContent(places: readonly Place[]): Problem {
  const [first] = places
  return new Problem('input_invalid', `${first?.pointer}: ${first?.detail}.`, { errors: places })
}

/** Whether two contents say the same, in whatever order their keys are. */
export function saysTheSame(one: unknown, other: unknown): boolean {
  // What is the same to Node is so in its canonical form, too, which takes ten times as long.
  return isDeepStrictEqual(one, other) || canonicalJson(one) === canonicalJson(other)
}

/** Where a piece says its own name. */
const nameField = { agent: 'name', route: 'connector', connector: null, provider: null } as const

/** Who creates an agent has said its name already. */
export function withName(kind: ItemReference['kind'], name: string, content: unknown): unknown {
  const key = nameField[kind]
  if (key === null || typeof content !== 'object' || content === null || Object.hasOwn(content, key)) return content
  return { [key]: name, ...content }
}

/** What has no canonical form has no hash either, so no release could have it. */
function textOf(content: unknown): string | { detail: string } {
  try {
    const text = canonicalJson(content)
    // Quotes inside of texts are escaped, so this is a key.
    return text.includes('"__proto__":') ? { detail: 'has a key "__proto__"' } : text
  } catch (error) {
    return { detail: (error as Error).message.replace(/^This has no canonical form: /, '').replace(/\.$/, '') }
  }
}
