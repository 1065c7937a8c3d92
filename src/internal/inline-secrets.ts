import { isObject, isPlainObject, type Path, secretName, urlsIn } from './part-options.ts'

/** What a key is called whose value is a secret, where no schema says so. */
const secretKey = /(?:secret|token|password|passwd|passphrase|api_?key|private_?key|credentials?)$/i

const queryKey = /^(?:key|auth|sig|signature|code)$/i

/**
 * Where options hold a text that is a secret: as the JSON Schema of their type says (`"format": "password"`), or the name of
 * its key, or as a part of a URL. A runtime refuses releases for each of these places. Without a schema, give `{}`.
 */
export function inlineSecrets(schema: Readonly<Record<string, unknown>>, options: unknown): Path[] {
  const said = places(schema, options, [])
  const named = textsIn(options, []).filter((path) => secretKey.test(String(path.at(-1))))
  const inUrls = urlsIn(options).flatMap(({ path, url }) => (holdsSecret(url) ? [path] : []))
  const seen = new Set<string>()
  return [...said, ...named, ...inUrls].filter((path) => {
    const place = JSON.stringify(path)
    if (seen.has(place)) return false
    seen.add(place)
    return true
  })
}

/** In a query also what services call their keys that is too short to be one elsewhere. */
function holdsSecret({ username, password, searchParams }: URL): boolean {
  const isKey = (name: string): boolean => secretKey.test(name.replaceAll('-', '_')) || queryKey.test(name)
  return username + password !== '' || [...searchParams].some(([name, value]) => value !== '' && isKey(name))
}

type Schema = Record<string, unknown>

/** The texts at places where the schema has a password. */
function places(schema: unknown, value: unknown, path: Path): Path[] {
  if (!isObject(schema)) return []
  if (typeof value === 'string') {
    const here = schema['format'] === 'password' ? [path] : []
    return [...here, ...alternatives(schema).flatMap((one) => places(one, value, path))]
  }
  if (typeof value !== 'object' || value === null) return []
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const items: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  const below = items.flatMap(([key, item]) => {
    const of = Array.isArray(value) ? schema['items'] : (properties[key] ?? schema['additionalProperties'])
    return places(of, item, [...path, key])
  })
  return [...below, ...alternatives(schema).flatMap((one) => places(one, value, path))]
}

function alternatives(schema: Schema): unknown[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((key) => (Array.isArray(schema[key]) ? (schema[key] as unknown[]) : []))
}

function textsIn(value: unknown, path: Path): Path[] {
  if (typeof value === 'string') return value === '' ? [] : [path]
  if (secretName(value) !== null) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]))
  if (!isPlainObject(value)) return []
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]))
}
