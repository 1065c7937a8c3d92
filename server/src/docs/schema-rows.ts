import type { OpenapiDocument } from '../openapi.ts'

/** JSON Schema, as far as the page shows it. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  example?: unknown
  format?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  additionalProperties?: Schema | boolean
}

export interface SchemaRow {
  /** Where it stands, such as `reply.text` or `data[].id`. */
  place: string
  type: string
  isRequired: boolean
  description: string
}

/** Deeper than this, a schema is looked up in the document. */
const deepest = 3

/** The fields of a schema, each with its place, in their order. */
export function schemaRows(schema: Schema, document: OpenapiDocument, place = '', depth = 0): SchemaRow[] {
  const resolved = resolve(schema, document)
  const whole = resolved.type === 'array' ? resolve(resolved.items ?? {}, document) : resolved
  const prefix = resolved.type === 'array' ? `${place}[]` : place
  if (depth >= deepest) return []
  return Object.entries(whole.properties ?? {}).flatMap(([name, field]) => {
    const found = resolve(field, document)
    const at = prefix === '' ? name : `${prefix}.${name}`
    const row: SchemaRow = {
      place: at,
      type: typeOf(found, document),
      isRequired: whole.required?.includes(name) ?? false,
      description: field.description ?? found.description ?? '',
    }
    return [row, ...schemaRows(found, document, at, depth + 1)]
  })
}

export function resolve(schema: Schema, document: OpenapiDocument): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '')
  if (name === undefined) return schema
  return (document.components?.schemas?.[name] as Schema | undefined) ?? {}
}

export function typeOf(schema: Schema, document: OpenapiDocument): string {
  const { type, items, enum: values, const: only, anyOf, oneOf } = resolve(schema, document)
  if (only !== undefined) return JSON.stringify(only)
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ')
  const either = anyOf ?? oneOf
  if (either !== undefined) return [...new Set(either.map((one) => typeOf(one, document)))].join(' | ')
  if (type === 'array') return `${typeOf(items ?? {}, document)}[]`
  return (Array.isArray(type) ? type.join(' | ') : type) ?? 'any'
}
