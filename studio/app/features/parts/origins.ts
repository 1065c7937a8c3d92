import { urlsIn } from 'asyncv/schemas'
import { isObject } from '../../api/content.ts'
import type { Schema } from './schema/shape.ts'

/** The address that a type goes to of itself: the default of its first option that is one. */
export function officialOf(schema: Schema): string | null {
  const properties = isObject(schema['properties']) ? Object.values(schema['properties']) : []
  const found = properties.find((one) => isObject(one) && one['format'] === 'uri' && typeof one['default'] === 'string')
  return isObject(found) ? new URL(String(found['default'])).origin : null
}

/**
 * Where options send their secrets, as a runtime judges it: to every address that they name, and where they name none to the
 * official one. Where the service itself is reached is none of these.
 */
export function originsOf(schema: Schema, options: unknown): string[] {
  const named = urlsIn(options).filter(({ path }) => !path.includes('webhook'))
  const official = officialOf(schema)
  if (named.length === 0) return official === null ? [] : [official]
  return [...new Set(named.map(({ url }) => url.origin))]
}
