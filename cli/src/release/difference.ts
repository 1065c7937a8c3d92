/** What a release changes in what runs, field by field: the words for it are elsewhere. */
import { isDeepStrictEqual } from 'node:util'
import type { ReleaseDocument } from 'asyncv/schemas'

export const kinds = ['agent', 'route', 'connector', 'provider'] as const
export type Kind = (typeof kinds)[number]
export type Change = 'added' | 'removed' | 'changed'

export interface FieldChange {
  /** Such as `limits.modelCalls`. */
  path: string
  /** Undefined where it was not there. */
  before: unknown
  after: unknown
}

export interface ItemChange {
  kind: Kind
  /** Of a route, the connector. */
  name: string
  change: Change
  fields: FieldChange[]
}

type Item = Readonly<Record<string, unknown>>

/** Empty when both say the same, in whatever order. `null`: before the first release. */
export function differenceOf(before: Partial<ReleaseDocument> | null, after: Partial<ReleaseDocument>): ItemChange[] {
  return kinds.flatMap((kind) => {
    const [was, is] = [itemsOf(kind, before), itemsOf(kind, after)]
    const names = [...new Set([...is.keys(), ...was.keys()])]
    return names.flatMap((name): ItemChange[] => {
      const [old, now] = [was.get(name), is.get(name)]
      const fields = fieldsOf(old ?? {}, now ?? {}, '')
      if (old === undefined) return [{ kind, name, change: 'added', fields }]
      if (now === undefined) return [{ kind, name, change: 'removed', fields }]
      return fields.length === 0 ? [] : [{ kind, name, change: 'changed', fields }]
    })
  })
}

/** The items of one kind by what they are called. A document of another version may lack a kind. */
function itemsOf(kind: Kind, document: Partial<ReleaseDocument> | null): Map<string, Item> {
  const { agents = [], routes = [], connectors = {}, providers = {} } = document ?? {}
  switch (kind) {
    case 'agent':
      return new Map(agents.map(({ name, ...agent }) => [name, agent]))
    case 'route':
      return new Map(routes.map(({ connector, ...route }) => [connector, route]))
    case 'connector':
      return new Map(Object.entries(connectors))
    case 'provider':
      return new Map(Object.entries(providers))
  }
}

function fieldsOf(before: Item, after: Item, prefix: string): FieldChange[] {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return keys.flatMap((key): FieldChange[] => {
    const path = prefix === '' ? key : `${prefix}.${key}`
    const [was, is] = [before[key], after[key]]
    if (isDeepStrictEqual(was, is)) return []
    // A list counts as one value: which of its items was meant by which, nobody knows.
    const inside = [was, is].every((value) => value === undefined || isGroup(value))
    if (inside) return fieldsOf((was ?? {}) as Item, (is ?? {}) as Item, path)
    return [{ path, before: withoutSecrets(key, was), after: withoutSecrets(key, is) }]
  })
}

/** No release holds one, but what runs may come from a file that does. */
const secretKey = /(?:secret|token|password|passwd|passphrase|api_?key|private_?key|credentials?)$/i

function withoutSecrets(key: string, value: unknown): unknown {
  if (secretOf(value) !== null) return value
  if (typeof value === 'string') return secretKey.test(key) ? '***' : value
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(key, item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutSecrets(name, item)]))
}

/** What is looked into: a reference to a secret is a value. */
function isGroup(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && secretOf(value) === null
}

/** The name in `{ "$secret": NAME }`; null of anything else. */
export function secretOf(value: unknown): string | null {
  const { $secret: name } = Object(value) as { $secret?: unknown }
  return typeof name === 'string' ? name : null
}
