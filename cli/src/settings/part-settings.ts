import { createAsyncv, type JsonSchema } from 'asyncv'
import { allParts } from './parts.ts'
import { words } from '../words/spoken.ts'

export interface Setting {
  name: string
  /** As JSON, without what is secret. */
  value: unknown
  source: string
}

type Kind = 'provider' | 'connector'

/** The options of parts as a configuration writes them. Shown is only what the schema of its type knows to be no secret. */
export async function partSettings(
  { providers, connectors }: { providers: unknown; connectors: unknown },
  source: string,
): Promise<Setting[]> {
  const agents = [{ name: 'any', model: 'offline/demo' }]
  const { types } = await createAsyncv({ agents, definitions: allParts }).installed()
  const settingsOf = (kind: Kind, parts: unknown): Setting[] =>
    Object.entries(Object(parts) as Record<string, unknown>).flatMap(([name, part]) => {
      const place = `${kind}s.${name}`
      const { type, options = {} } = Object(part) as { type?: unknown; options?: unknown }
      if (typeof type !== 'string' || Object.values(Object(part)).some((item) => typeof item === 'function')) {
        return [{ name: place, value: words.debug.inCode, source }]
      }
      const schema = types.find((one) => one.kind === kind && one.type === type)?.options ?? {}
      return [
        { name: `${place}.type`, value: type, source },
        ...shownOptions(options, schema, `${place}.options`, source),
      ]
    })
  return [...settingsOf('provider', providers), ...settingsOf('connector', connectors)]
}

function shownOptions(value: unknown, schema: JsonSchema, name: string, source: string): Setting[] {
  const secret = secretName(value)
  if (secret !== null) return [{ name, value: words.debug.secret(secret), source }]
  const { properties, items } = schema as { properties?: Record<string, JsonSchema>; items?: JsonSchema }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => shownOptions(item, items ?? {}, `${name}[${index}]`, source))
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) =>
      shownOptions(item, properties?.[key] ?? {}, `${name}.${key}`, source),
    )
  }
  return [{ name, value: harmless(value, schema) ? value : words.debug.hidden, source }]
}

function secretName(value: unknown): string | null {
  const { $secret } = Object(value) as { $secret?: unknown }
  return typeof $secret === 'string' ? $secret : null
}

/** A text that the schema does not know, or takes for a secret, may be one; so may an address with a name, or with words behind it. */
function harmless(value: unknown, { type, format, enum: values }: JsonSchema): boolean {
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean' || value === null
  if (values !== undefined) return true
  if (type !== 'string' || format === 'password') return false
  if (!URL.canParse(value)) return true
  const { username, password, search, hash } = new URL(value)
  return `${username}${password}${search}${hash}` === ''
}
