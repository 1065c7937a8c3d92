/** A configuration file's value as what `createAsyncv` takes. Reads neither files nor the environment: both are handed in. */
import { isAbsolute, join } from 'node:path'
import { checkOptions } from './config.ts'
import type { Connector } from './connector.ts'
import type { ConnectorDefinition, ProviderDefinition } from './definition.ts'
import { AsyncvError } from './errors.ts'
import { describeIssue } from './internal/issue.ts'
import { suggestion } from './internal/nearest.ts'
import type { AsyncvOptions } from './options.ts'
import { type Plugin, pluginProblem } from './plugin.ts'
import type { Provider } from './provider.ts'
import { configSchema, namedPart } from './schemas/config.ts'
import { Secret } from './secret.ts'
import type { ServerConfig } from './server-config.ts'
import { sqlite } from './sqlite/index.ts'
import type { Vault } from './vault/vault.ts'

type PartConfig = { type: string; options?: Record<string, unknown> }

/** What a configuration file exports: what `createAsyncv` takes, with parts made or named by their type, plus `server`. */
export interface AsyncvConfig
  extends Omit<
    AsyncvOptions,
    'storage' | 'providers' | 'connectors' | 'plugins' | 'definitions' | 'vault' | 'logger' | 'clock' | 'hook'
  > {
  /** `sqlite:` and a path, relative to the file. */
  storage?: string
  providers?: Readonly<Record<string, Provider | PartConfig>>
  connectors?: Readonly<Record<string, Connector | PartConfig>>
  /** Packages, and files relative to this one: `['@acme/asyncv-teams', './my-connector.ts']`. */
  plugins?: readonly (string | Plugin)[]
  server?: ServerConfig
}

/** For `asyncv.config.ts`: gives the editor its types, and changes nothing. */
export function defineConfig(config: AsyncvConfig): AsyncvConfig {
  return config
}

type Definition = ConnectorDefinition | ProviderDefinition
type Kind = Definition['kind']

export interface ConfigSources {
  /** The file's name, for messages. */
  file: string
  /** What relative paths start from. */
  directory: string
  /** The parts that the configuration names by their type. */
  definitions: readonly Definition[]
  /** All types there are of each kind, for suggestions. Default: those of `definitions`. */
  types?: Readonly<Record<Kind, readonly string[]>>
  /** The plugins that the configuration names, loaded. Default: none. */
  plugins?: ReadonlyMap<string, Plugin>
  /** What `{ "$secret": NAME }` stands for; undefined when it is not there. With a vault, where that does not have it. */
  secret(name: string): string | undefined
  /** Asked first, by parts that take a secret when they make a request; whether it is there is seen at the start. */
  vault?: Vault
}

export interface ResolvedConfig {
  asyncv: AsyncvOptions
  server: ServerConfig
}

/** Throws one `config_invalid` that names every problem with its place, and no secret. */
export function resolveConfig(value: unknown, sources: ConfigSources): ResolvedConfig {
  const problems: string[] = []
  const parsed = configSchema.safeParse(value, { reportInput: true })
  for (const issue of parsed.error?.issues ?? []) {
    // A storage URL may hold a password, and parts may hold anything.
    const showsValues = !['storage', 'providers', 'connectors'].includes(String(issue.path[0]))
    problems.push(...describeIssue(issue, { place: '', schema: configSchema, showsValues }))
  }
  const given = isObject(value) ? value : {}
  const plugins = pluginsOf(given['plugins'], sources, problems)
  const all = { ...sources, ...withPlugins(sources, plugins, problems) }
  const providers = makeParts<Provider>('provider', given['providers'], all, problems)
  const connectors = makeParts<Connector>('connector', given['connectors'], all, problems)
  if (!parsed.success) throw invalid(sources.file, problems)

  const { storage, server = {}, providers: _, connectors: __, plugins: ___, ...rest } = parsed.data
  // The schema has checked the shape; what it calls unknown (tools) is checked where it is used.
  const asyncv = { ...rest, providers, connectors, plugins } as unknown as AsyncvOptions
  if (sources.vault !== undefined) asyncv.vault = sources.vault
  if (storage !== undefined) asyncv.storage = sqlite(pathOf(storage, sources.directory))
  checkOptions(asyncv, problems)
  if (problems.length > 0) throw invalid(sources.file, problems)
  return { asyncv, server: server as ServerConfig }
}

function pathOf(storage: string, directory: string): string {
  const path = storage.slice('sqlite:'.length)
  return path === ':memory:' || isAbsolute(path) ? path : join(directory, path)
}

function pluginsOf(given: unknown, { plugins = new Map() }: ConfigSources, problems: string[]): Plugin[] {
  return (Array.isArray(given) ? given : []).flatMap((entry, index) => {
    const place = `plugins[${index}]`
    const named = typeof entry === 'string'
    const plugin: unknown = named ? plugins.get(entry) : entry
    const missing = named && plugin === undefined
    const problem = missing ? `${place}: "${entry}" was not loaded.` : pluginProblem(place, plugin)
    if (problem === null) return [plugin as Plugin] // it has the shape of one
    problems.push(problem)
    return []
  })
}

/** A plugin's type takes the place of a built-in one; two plugins must not have the same. */
function withPlugins(
  { definitions, types }: ConfigSources,
  plugins: readonly Plugin[],
  problems: string[],
): Pick<ConfigSources, 'definitions' | 'types'> {
  const added = new Map<string, { definition: Definition; plugin: string }>()
  for (const { name, definitions: its } of plugins) {
    for (const definition of its) {
      const key = `${definition.kind} type "${definition.type}"`
      const other = added.get(key)
      if (other !== undefined) problems.push(`plugins: "${other.plugin}" and "${name}" both have the ${key}.`)
      added.set(key, { definition, plugin: name })
    }
  }
  const own = [...added.values()].map(({ definition }) => definition)
  const isNew = ({ kind, type }: Definition): boolean => !own.some((one) => one.kind === kind && one.type === type)
  const typesOf = (kind: Kind): string[] => [
    ...new Set([...(types?.[kind] ?? []), ...own.filter((one) => one.kind === kind).map(({ type }) => type)]),
  ]
  return {
    definitions: [...own, ...definitions.filter(isNew)],
    ...(types === undefined ? {} : { types: { provider: typesOf('provider'), connector: typesOf('connector') } }),
  }
}

/** What of a part tells that it is a made one. */
const verbOf = { provider: 'stream', connector: 'send' } as const

function makeParts<Part>(kind: Kind, parts: unknown, sources: ConfigSources, problems: string[]): Record<string, Part> {
  if (!isObject(parts)) return {}
  const made = Object.entries(parts).map(([name, value]): [string, unknown] => {
    if (isObject(value) && typeof value[verbOf[kind]] === 'function') return [name, value]
    // One that cannot be made keeps its name: what refers to it is not wrong as well. Nothing is started with problems.
    return [name, makePart(kind, `${kind}s.${name}`, value, sources, problems)]
  })
  return Object.fromEntries(made) as Record<string, Part>
}

function makePart(kind: Kind, place: string, value: unknown, sources: ConfigSources, problems: string[]): unknown {
  const named = namedPart.safeParse(value)
  if (!named.success) {
    problems.push(
      ...named.error.issues.flatMap((issue) => describeIssue(issue, { place, schema: namedPart, showsValues: false })),
    )
    return null
  }
  const { type, options } = named.data
  const known = sources.definitions.filter((definition) => definition.kind === kind)
  const definition = known.find((one) => one.type === type)
  if (definition === undefined) {
    const types = sources.types?.[kind] ?? known.map((one) => one.type)
    problems.push(`${place}.type: unknown ${kind} type "${type}".${suggestion(type, types, 'types')}`)
    return null
  }
  const optionsPlace = `${place}.options`
  const missing: string[] = []
  const checked = checkedOptions(definition, options, optionsPlace, sources, missing)
  problems.push(...missing)
  if (!checked.success) {
    const found = checked.error.issues.flatMap((issue) =>
      describeIssue(issue, { place: optionsPlace, schema: definition.options, showsValues: false }),
    )
    // What stands in for a missing secret is not what the person wrote.
    problems.push(...found.filter((text) => !missing.some((other) => placeIn(other) === placeIn(text))))
    return null
  }
  try {
    return definition.create(checked.data)
  } catch (error) {
    if (!(error instanceof AsyncvError)) throw error
    problems.push(`${optionsPlace}: ${error.message}`)
    return null
  }
}

/**
 * Secrets stay what they are wherever the schema of a definition that knows of them takes them; elsewhere they are texts of
 * the environment, as for a part that knows of none.
 */
function checkedOptions(
  definition: Definition,
  options: unknown,
  place: string,
  sources: ConfigSources,
  missing: string[],
): ReturnType<Definition['options']['safeParse']> {
  const { vault } = sources
  const asTexts = (only: (place: string) => boolean, kept: (name: string, place: string) => unknown): unknown =>
    withSecrets(options, place, missing, (name, at) => (only(at) ? textOf(name, at, sources, missing) : kept(name, at)))
  if (vault === undefined || definition.origin === undefined) {
    return definition.options.safeParse(
      asTexts(
        () => true,
        () => undefined,
      ),
    )
  }
  const origins = [...new Set([definition.origin, ...originsIn(options)])]
  // Only what is used in the end counts as used, so this first look is at ones that nobody can reveal.
  const refused =
    definition.options.safeParse(
      asTexts(
        () => false,
        () => unrevealed,
      ),
    ).error?.issues ?? []
  missing.length = 0
  const takesNone = (at: string): boolean =>
    refused.some(({ code, path }) => {
      const wrong = placeOf(path, place)
      // A union says where it stands, not which of its parts is wrong.
      return at === wrong || (code === 'invalid_union' && (at.startsWith(`${wrong}.`) || at.startsWith(`${wrong}[`)))
    })
  return definition.options.safeParse(
    asTexts(takesNone, (name, at) => vault.secret(name, { place: `${sources.file}: ${at}`, origins })),
  )
}

const unrevealed = new Secret(
  '',
  () => '',
  (text) => text,
)

function placeOf(path: readonly PropertyKey[], start: string): string {
  return path.reduce<string>((at, key) => (typeof key === 'number' ? `${at}[${key}]` : `${at}.${String(key)}`), start)
}

/** The operator's own file says where a part's requests go: what it names there is good for the part's secrets. */
function originsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') {
    if (!/^https?:/i.test(value) || !URL.canParse(value)) return []
    return [new URL(value).origin]
  }
  if (depth > deepest || typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((item) => originsIn(item, depth + 1))
}

function textOf(name: string, place: string, sources: ConfigSources, missing: string[]): string {
  const secret = sources.secret(name)
  if (secret !== undefined && secret !== '') return secret
  missing.push(`${place}: the environment has no ${name}. Set it, or put it in .env beside the configuration.`)
  return ''
}

function placeIn(problem: string): string {
  return problem.slice(0, problem.indexOf(': '))
}

/** No options of ours have so many levels; what has more would end at the stack's limit. */
const deepest = 32

/** Puts what `secret` gives in place of each `{ "$secret": NAME }`. */
function withSecrets(
  value: unknown,
  place: string,
  missing: string[],
  secret: (name: string, place: string) => unknown,
  depth = 0,
): unknown {
  if (depth > deepest) {
    missing.push(`${place.slice(0, 60)}…: nested more than ${deepest} levels deep.`)
    return undefined
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => withSecrets(item, `${place}[${index}]`, missing, secret, depth + 1))
  }
  if (!isPlainObject(value)) return value
  const { $secret: name, ...others } = value
  if (typeof name === 'string' && Object.keys(others).length === 0) return secret(name, place)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withSecrets(item, `${place}.${key}`, missing, secret, depth + 1)]),
  )
}

function invalid(file: string, problems: string[]): AsyncvError {
  return new AsyncvError('config_invalid', `${file}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`, {
    hint: 'Mend the file and start again.',
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As JSON and literals make them; an official client in a part's options, say, is handed on as it is. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
