import type { z } from 'zod'
import { suggestion } from './nearest.ts'

export interface IssueContext {
  /** Where the checked value stands, such as `connectors.tg.options`; empty at the top. */
  place: string
  /** What it was checked against, for the names of keys that there are. */
  schema: z.ZodType
  /** Whether values may be shown. Not where one may be a secret. */
  showsValues: boolean
}

/** What zod found, as sentences that begin with the place: one for each unknown key, with the nearest known one. */
export function describeIssue(issue: z.core.$ZodIssue, { place: prefix, schema, showsValues }: IssueContext): string[] {
  const place = placeOf(issue.path, prefix)
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map((key) => {
      const suggested = known.length === 0 ? '' : suggestion(key, known)
      return `${place === '' ? key : `${place}.${key}`}: unknown key.${suggested}`
    })
  }
  // The key itself is what is wrong, and stands in the path.
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${place}: ${message}`)
  const value = showsValues ? shown(issue.input) : ''
  return [`${place || 'the configuration'}: ${issue.message}${value}`]
}

function placeOf(path: readonly PropertyKey[], prefix: string): string {
  const steps = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
  return `${prefix}${steps.join('')}`.replace(/^\./, '')
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
