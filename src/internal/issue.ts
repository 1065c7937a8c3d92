import type { z } from 'zod'
import { suggestion } from './nearest.ts'

/** What is wrong, and where. */
export interface PlacedProblem {
  path: readonly PropertyKey[]
  detail: string
}

interface PlacedContext {
  /** Where the checked value stands; empty at the top. */
  path: readonly PropertyKey[]
  /** What it was checked against, for the names of keys that there are. */
  schema: z.ZodType
  /** Whether values may be shown. Not where one may be a secret. */
  showsValues: boolean
}

/** What zod found, each with its place: one for each unknown key, with the nearest known one. */
export function issueProblems(
  issue: z.core.$ZodIssue,
  { path: start, schema, showsValues }: PlacedContext,
): PlacedProblem[] {
  const path = [...start, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map((key) => {
      const suggested = known.length === 0 ? '' : suggestion(key, known)
      return { path: [...path, key], detail: `unknown key.${suggested}` }
    })
  }
  // The key itself is what is wrong, and stands in the path.
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, detail: message }))
  const value = showsValues ? shown(issue.input) : ''
  return [{ path, detail: `${issue.message}${value}` }]
}

/** Begins with the place. */
export function sentenceOf({ path, detail }: PlacedProblem): string {
  return `${placeOf(path) || 'the configuration'}: ${detail}`
}

export function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}

/** Short plain values only: a structure says less than its place does. */
function shown(input: unknown): string {
  const plain = input === null || ['string', 'number', 'boolean'].includes(typeof input)
  const text = plain ? JSON.stringify(input) : ''
  return text === '' || text.length > 80 ? '' : ` (it is ${text})`
}

/** zod's own structure, as far as it leads to the keys of an object. */
interface Structure {
  shape?: Record<string, unknown>
  element?: unknown
  valueType?: unknown
  unwrap?: () => unknown
}

function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  let found = structureOf(schema)
  for (const key of path) {
    found = structureOf(found?.shape?.[String(key)] ?? found?.element ?? found?.valueType)
  }
  return Object.keys(found?.shape ?? {})
}

/** Arrays have an `unwrap` too, which gives their element. */
function structureOf(schema: unknown): Structure | undefined {
  const found = schema as Structure | undefined
  if (found?.unwrap === undefined || found.element !== undefined) return found
  return structureOf(found.unwrap())
}
