/** What a JSON Schema asks for, as far as a form can be drawn for it: the schemas that runtimes report of options of connectors and model services. */
import { isObject, saysTheSame } from '../../../api/content.ts'

export type Schema = Readonly<Record<string, unknown>>

export type Shape =
  | { kind: 'secret' }
  | { kind: 'url' }
  /** `numeric`: digits are meant as a number. */
  | { kind: 'text'; numeric: boolean }
  | { kind: 'number'; least: number | undefined; most: number | undefined; step: number }
  | { kind: 'boolean' }
  | { kind: 'enum'; values: readonly string[] }
  | { kind: 'const'; value: unknown }
  | { kind: 'list'; item: Schema }
  | { kind: 'map'; item: Schema }
  | { kind: 'object'; fields: readonly SchemaField[] }
  | { kind: 'choice'; options: readonly Schema[] }
  /** Nothing that a form could ask for: it is written as JSON. */
  | { kind: 'any' }

export interface SchemaField {
  name: string
  schema: Schema
  isRequired: boolean
}

/** `root` has the definitions that are referred to. */
export function shapeOf(given: Schema, root: Schema): Shape {
  const schema = resolved(given, root)
  if ('const' in schema) return { kind: 'const', value: schema['const'] }
  if (Array.isArray(schema['enum'])) return { kind: 'enum', values: schema['enum'].map(String) }
  const options = alternatives(schema)
  if (options.length === 1 && options[0]) return shapeOf(options[0], root)
  if (options.length > 1) {
    const kinds = options.map((one) => shapeOf(one, root).kind)
    const isScalar = kinds.every((kind) => kind === 'text' || kind === 'number')
    return isScalar ? { kind: 'text', numeric: true } : { kind: 'choice', options }
  }
  switch (typeOf(schema)) {
    case 'string':
      if (schema['format'] === 'password') return { kind: 'secret' }
      return schema['format'] === 'uri' ? { kind: 'url' } : { kind: 'text', numeric: false }
    case 'integer':
    case 'number':
      return { kind: 'number', ...boundsOf(schema) }
    case 'boolean':
      return { kind: 'boolean' }
    case 'array':
      return isObject(schema['items']) ? { kind: 'list', item: schema['items'] } : { kind: 'any' }
    case 'object':
      return objectShape(schema)
    default:
      return { kind: 'any' }
  }
}

/** The default where one is said, through references too. */
export function defaultOf(given: Schema, root: Schema): unknown {
  return resolved(given, root)['default']
}

/** Which alternative a value is of: the first whose form it has. */
export function chosenOf(options: readonly Schema[], value: unknown, root: Schema): number {
  return options.findIndex((one) => fits(shapeOf(one, root), value))
}

/** What a field begins with when it is switched on. */
export function emptyOf(schema: Schema, root: Schema): unknown {
  const given = defaultOf(schema, root)
  if (given !== undefined) return given
  const shape = shapeOf(schema, root)
  if (shape.kind === 'const') return shape.value
  if (shape.kind === 'enum') return shape.values[0]
  if (shape.kind === 'boolean') return false
  if (shape.kind === 'list') return []
  if (shape.kind === 'object' || shape.kind === 'map') return {}
  return ''
}

/** Ids are numbers for some and texts for others: digits are numbers as long as they are exact. */
export function asNumber(text: string): string | number {
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}

function fits(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case 'const':
      return saysTheSame(shape.value, value)
    case 'enum':
      return shape.values.includes(String(value))
    case 'text':
    case 'url':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'list':
      return Array.isArray(value)
    case 'object':
    case 'map':
    case 'secret':
      return isObject(value)
    default:
      return true
  }
}

function objectShape(schema: Schema): Shape {
  const properties = isObject(schema['properties']) ? schema['properties'] : null
  if (properties === null) {
    return isObject(schema['additionalProperties'])
      ? { kind: 'map', item: schema['additionalProperties'] }
      : { kind: 'any' }
  }
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const fields = Object.entries(properties)
    .filter((entry): entry is [string, Schema] => isObject(entry[1]))
    .map(([name, of]) => ({ name, schema: of, isRequired: required.includes(name) }))
  return { kind: 'object', fields }
}

function boundsOf(schema: Schema) {
  const number = (key: string): number | undefined =>
    typeof schema[key] === 'number' ? (schema[key] as number) : undefined
  const whole = typeOf(schema) === 'integer'
  const above = number('exclusiveMinimum')
  const most = number('maximum')
  return {
    least: number('minimum') ?? (above === undefined ? undefined : whole ? above + 1 : above),
    most: most === Number.MAX_SAFE_INTEGER ? undefined : most,
    step: number('multipleOf') ?? 1,
  }
}

function typeOf(schema: Schema): unknown {
  const { type } = schema as { type?: unknown }
  return Array.isArray(type) ? type.find((one) => one !== 'null') : type
}

/** Null is how some say that a field may be left out, which a form does anyway. */
function alternatives(schema: Schema): Schema[] {
  const given = schema['anyOf'] ?? schema['oneOf']
  return Array.isArray(given) ? given.filter((one): one is Schema => isObject(one) && one['type'] !== 'null') : []
}

/** Without its references, and as one schema where it is said in parts. */
function resolved(schema: Schema, root: Schema, depth = 0): Schema {
  const reference = schema['$ref']
  if (typeof reference === 'string' && reference.startsWith('#/') && depth < 32) {
    const found = reference
      .slice(2)
      .split('/')
      .reduce<unknown>((at, step) => (Object(at) as Schema)[step.replaceAll('~1', '/').replaceAll('~0', '~')], root)
    const { $ref: _, ...beside } = schema
    return resolved({ ...(isObject(found) ? found : {}), ...beside }, root, depth + 1)
  }
  if (!Array.isArray(schema['allOf'])) return schema
  const { allOf, ...rest } = schema
  const parts = [rest, ...(allOf as unknown[]).filter(isObject).map((one) => resolved(one, root, depth + 1))]
  return {
    ...Object.assign({}, ...parts),
    properties: Object.assign({}, ...parts.map((one) => one['properties'])) as Schema,
    required: parts.flatMap((one) => (Array.isArray(one['required']) ? one['required'] : [])),
  }
}
