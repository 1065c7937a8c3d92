/** A configuration file's value as what `createAsyncv` takes. Reads neither files nor the environment: both are handed in. */
import { isAbsolute, join } from 'node:path'
import type { z } from 'zod'
import type { Connector } from './connector.ts'
import type { ConnectorDefinition, ProviderDefinition } from './definition.ts'
import { AsyncvError } from './errors.ts'
import { nearest } from './internal/nearest.ts'
import type { AsyncvOptions } from './options.ts'
import type { Provider } from './provider.ts'
import { configSchema, namedPart } from './schemas/config.ts'
import { sqlite } from './sqlite/index.ts'

export interface ServerConfig {
  /** Default 127.0.0.1. */
  host?: string
  /** Default 7400. */
  port?: number
  allowedHosts?: readonly string[]
  allowedOrigins?: readonly string[]
  maxBodyBytes?: number
}

type PartConfig = { type: string; options?: Record<string, unknown> }

/** What a configuration file exports: what `createAsyncv` takes, with parts made or named by their type, plus `server`. */
export interface AsyncvConfig
  extends Omit<AsyncvOptions, 'storage' | 'providers' | 'connectors' | 'logger' | 'clock' | 'hook'> {
  /** `sqlite:` and a path, relative to the file. */
  storage?: string
  providers?: Readonly<Record<string, Provider | PartConfig>>
  connectors?: Readonly<Record<string, Connector | PartConfig>>
  server?: ServerConfig
}

/** For `asyncv.config.ts`: gives the editor its types, and changes nothing. */
export function defineConfig(config: AsyncvConfig): AsyncvConfig {
  return config
}

export interface ConfigSources {
  /** The file's name, for messages. */
  file: string
  /** What relative paths start from. */
  directory: string
  /** The parts that the configuration names by their type. */
  definitions: readonly (ConnectorDefinition | ProviderDefinition)[]
  /** All types there are, for suggestions. Default: those of `definitions`. */
  types?: readonly string[]
  /** What `{ "$secret": NAME }` stands for; undefined when it is not there. */
  secret(name: string): string | undefined
}

export interface ResolvedConfig {
  asyncv: AsyncvOptions
  server: ServerConfig
}

/** Throws one `config_invalid` that names every problem with its place, and no secret. */
export function resolveConfig(value: unknown, sources: ConfigSources): ResolvedConfig {
  const parsed = configSchema.safeParse(value)
  if (!parsed.success)
    throw invalid(
      sources.file,
      parsed.error.issues.map((issue) => describe(issue, '')),
    )
  const problems: string[] = []
  const { storage, server = {}, providers = {}, connectors = {}, ...rest } = parsed.data
  const made = {
    providers: makeParts<Provider>('provider', providers, isProvider, sources, problems),
    connectors: makeParts<Connector>('connector', connectors, isConnector, sources, problems),
  }
  if (problems.length > 0) throw invalid(sources.file, problems)
  // The schema has checked the shape; what it calls unknown (tools) is checked where it is used.
  const asyncv = { ...rest, ...made } as unknown as AsyncvOptions
  if (storage !== undefined) asyncv.storage = sqlite(pathOf(storage, sources.directory))
  return { asyncv, server: server as ServerConfig }
}

function pathOf(storage: string, directory: string): string {
  const path = storage.slice('sqlite:'.length)
  return path === ':memory:' || isAbsolute(path) ? path : join(directory, path)
}

function makeParts<Part>(
  kind: 'provider' | 'connector',
  parts: Record<string, unknown>,
  isMade: (value: unknown) => boolean,
  sources: ConfigSources,
  problems: string[],
): Record<string, Part> {
  const made: [string, Part][] = []
  for (const [name, value] of Object.entries(parts)) {
    const place = `${kind}s.${name}`
    if (isMade(value)) {
      made.push([name, value as Part])
      continue
    }
    const named = namedPart.safeParse(value)
    if (!named.success) {
      problems.push(...named.error.issues.map((issue) => describe(issue, place)))
      continue
    }
    const known = sources.definitions.filter((definition) => definition.kind === kind)
    const definition = known.find(({ type }) => type === named.data.type)
    if (definition === undefined) {
      const types = sources.types ?? known.map(({ type }) => type)
      problems.push(`${place}.type: unknown ${kind} type "${named.data.type}".${suggestion(named.data.type, types)}`)
      continue
    }
    const options = definition.options.safeParse(withSecrets(named.data.options, `${place}.options`, sources, problems))
    if (!options.success) problems.push(...options.error.issues.map((issue) => describe(issue, `${place}.options`)))
    else made.push([name, definition.create(options.data) as unknown as Part])
  }
  return Object.fromEntries(made)
}

/** Puts the value in place of each `{ "$secret": NAME }`. */
function withSecrets(value: unknown, place: string, sources: ConfigSources, problems: string[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return value.map((item, index) => withSecrets(item, `${place}[${index}]`, sources, problems))
  const { $secret: name, ...others } = value as Record<string, unknown>
  if (typeof name === 'string' && Object.keys(others).length === 0) {
    const secret = sources.secret(name)
    if (secret !== undefined && secret !== '') return secret
    problems.push(`${place}: the environment has no ${name}. Set it, or put it in .env beside the configuration.`)
    return 'missing'
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withSecrets(item, `${place}.${key}`, sources, problems)]),
  )
}

/** An issue of zod's with its place and, for unknown keys, the nearest known one. Never the value: it may be a secret. */
function describe(issue: z.core.$ZodIssue, prefix: string): string {
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  const place = `${prefix}${path}`.replace(/^\./, '')
  if (issue.code !== 'unrecognized_keys') return `${place || 'the configuration'}: ${issue.message}`
  return issue.keys
    .map((key) => `${place === '' ? key : `${place}.${key}`}: unknown key.${suggestion(key, knownKeys(place))}`)
    .join('\n')
}

function knownKeys(place: string): string[] {
  let schema: unknown = configSchema
  for (const key of place.split(/[.[\]]+/).filter((part) => part !== '')) {
    schema = /^\d+$/.test(key) ? unwrap(schema)?.element : unwrap(schema)?.shape?.[key]
  }
  return Object.keys(unwrap(schema)?.shape ?? {})
}

interface SchemaParts {
  shape?: Record<string, unknown>
  element?: unknown
  unwrap?: () => unknown
}

function unwrap(schema: unknown): SchemaParts | undefined {
  const parts = schema as SchemaParts | undefined
  return parts?.unwrap === undefined || parts.element !== undefined ? parts : unwrap(parts.unwrap())
}

function suggestion(given: string, known: readonly string[]): string {
  const close = nearest(given, known)
  if (close !== null) return ` Did you mean "${close}"?`
  return known.length === 0 ? '' : ` Known: ${known.join(', ')}.`
}

function invalid(file: string, problems: string[]): AsyncvError {
  return new AsyncvError('config_invalid', `${file}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`, {
    hint: 'Mend the file and start again.',
  })
}

function isProvider(value: unknown): boolean {
  return typeof (value as Provider | null)?.stream === 'function'
}

function isConnector(value: unknown): boolean {
  return typeof (value as Connector | null)?.send === 'function'
}
