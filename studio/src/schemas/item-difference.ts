/** What differs between two contents, field by field: for versions, for changes, and for drafts in the web app. */
import { secretName } from 'asyncv/schemas'
import { z } from 'zod'

export const fieldDifference = z.object({
  pointer: z
    .string()
    .describe('A JSON pointer (RFC 6901). Into what is after; where that has nothing, into what was before'),
  before: z.unknown().optional().describe('Absent where it was not there'),
  after: z.unknown().optional().describe('Absent where it is no longer there'),
})
export type FieldDifference = z.infer<typeof fieldDifference>

/**
 * Empty when both say the same, in whatever order their keys are. Objects are looked into, and lists of named things, whose
 * things are matched by name; any other list is one value, since nobody knows which of its items was meant by which, and so
 * is a reference to a secret. `undefined` is what is not there.
 */
export function differenceOf(before: unknown, after: unknown): FieldDifference[] {
  return between(before, after, '', '')
}

/** What stood at `was` and what stands at `is`: places differ below a list whose things have moved. */
function between(before: unknown, after: unknown, was: string, is: string): FieldDifference[] {
  if (isSame(before, after)) return []
  const [old, now] = [membersOf(before), membersOf(after)]
  const isInside = old !== null && now !== null && old.isList === now.isList
  // What has come or gone is told by its fields, if it has any.
  const isWhole = (old === null || old.at.size === 0) && (now === null || now.at.size === 0)
  const hasMoved = before === undefined ? now : after === undefined ? old : null
  if (!isInside && (hasMoved === null || isWhole)) return [told(before, after, after === undefined ? was : is)]
  const [olds, nows] = [old?.at ?? new Map<string, Member>(), now?.at ?? new Map<string, Member>()]
  const found = [...new Set([...nows.keys(), ...olds.keys()])].flatMap((key) => {
    const [one, other] = [olds.get(key), nows.get(key)]
    return between(one?.value, other?.value, `${was}/${one?.step}`, `${is}/${other?.step}`)
  })
  // The same things by their names, in another order.
  return found.length === 0 ? [told(before, after, is)] : found
}

function told(before: unknown, after: unknown, pointer: string): FieldDifference {
  return { pointer, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
}

interface Member {
  /** Escaped as in a pointer. */
  step: string
  value: unknown
}

/** What a value consists of, by keys or by names; null of what is one value. */
function membersOf(value: unknown): { isList: boolean; at: Map<string, Member> } | null {
  if (typeof value !== 'object' || value === null || secretName(value) !== null) return null
  if (!Array.isArray(value)) {
    const members = Object.entries(value).map(([key, item]): [string, Member] => [
      key,
      { step: stepOf(key), value: item },
    ])
    return { isList: false, at: new Map(members) }
  }
  const names = value.map(nameOf)
  if (names.length === 0 || names.includes(null) || new Set(names).size < names.length) return null
  return {
    isList: true,
    at: new Map(value.map((item, index) => [names[index] ?? '', { step: String(index), value: item }])),
  }
}

function nameOf(value: unknown): string | null {
  const { name } = Object(value) as { name?: unknown }
  return typeof name === 'string' ? name : null
}

function stepOf(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(valueAt(one, key), valueAt(other, key)))
  )
}

function valueAt(value: object, key: string): unknown {
  return (value as Record<string, unknown>)[key]
}
