/** A configuration file's value as what `createAsyncv` takes. Reads neither files nor the environment: both are handed in. */
import { isAbsolute, join } from 'node:path'
import { checkOptions } from './resolve.ts'
import type { Connector } from '../connector.ts'
import { AsyncvError } from '../errors.ts'
import { issueProblems, type PlacedProblem, placeOf, sentenceOf } from '../internal/issue.ts'
import { isObject, urlsIn } from '../internal/part-options.ts'
import type { AsyncvOptions, ReleaseOptions } from '../options.ts'
import { type Plugin, pluginProblem } from '../plugin.ts'
import { isMade, makePart, type PartDefinition, type PartKind, type PartSources } from '../part-making.ts'
import type { Provider } from '../provider.ts'
import { configSchema } from '../schemas/config.ts'
import type { ServerConfig } from '../server-config.ts'
import { sqlite } from '../sqlite/index.ts'
import type { Vault } from '../vault/vault.ts'

type PartConfig = { type: string; options?: Record<string, unknown> }

/** What a configuration file exports: what `createAsyncv` takes, with parts made or named by their type, plus `server`. */
export interface AsyncvConfig
  extends Omit<
    AsyncvOptions,
    | 'storage'
    | 'providers'
    | 'connectors'
    | 'plugins'
    | 'definitions'
    | 'releases'
    | 'vault'
    | 'logger'
    | 'clock'
    | 'hook'
  > {
  /** `sqlite:` and a path, relative to the file. */
  storage?: string
  providers?: Readonly<Record<string, Provider | PartConfig>>
  connectors?: Readonly<Record<string, Connector | PartConfig>>
  /** Packages, and files relative to this one: `['@acme/asyncv-teams', './my-connector.ts']`. */
  plugins?: readonly (string | Plugin)[]
  server?: ServerConfig
  releases?: Pick<ReleaseOptions, 'environment'>
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
  definitions: readonly PartDefinition[]
  /** All types there are of each kind, for suggestions. Default: those of `definitions`. */
  types?: Readonly<Record<PartKind, readonly string[]>>
  /** The plugins that the configuration names, loaded. Default: none. */
  plugins?: ReadonlyMap<string, Plugin>
  /** What `{ "$secret": NAME }` stands for; undefined when it is not there. With a vault, where that does not have it. */
  secret(name: string): string | undefined
  /**
   * Asked first. Parts that take a secret ask when they make a request; whether it is there is seen at the start. Parts that
   * take texts are given what it knows now: see `Vault.lookAhead`.
   */
  vault?: Vault
}

export interface ResolvedConfig {
  asyncv: AsyncvOptions
  /** What releases may do; who publishes them, and what of the file is one, its reader adds. */
  releases: Pick<ReleaseOptions, 'environment'>
  server: ServerConfig
}

/** Throws one `config_invalid` that names every problem with its place, and no secret. */
export function resolveConfig(value: unknown, sources: ConfigSources): ResolvedConfig {
  const problems: string[] = []
  const parsed = configSchema.safeParse(value, { reportInput: true })
  for (const issue of parsed.error?.issues ?? []) {
    // A storage URL may hold a password, and parts may hold anything.
    const showsValues = !['storage', 'providers', 'connectors'].includes(String(issue.path[0]))
    problems.push(...issueProblems(issue, { path: [], schema: configSchema, showsValues }).map(sentenceOf))
  }
  const given = isObject(value) ? value : {}
  const plugins = pluginsOf(given['plugins'], sources, problems)
  const all = { ...sources, ...withPlugins(sources, plugins, problems) }
  const providers = makeParts<Provider>('provider', given['providers'], all, problems)
  const connectors = makeParts<Connector>('connector', given['connectors'], all, problems)
  if (!parsed.success) throw invalid(sources, problems)

  const { storage, server = {}, releases = {}, providers: _, connectors: __, plugins: ___, ...rest } = parsed.data
  // The schema has checked the shape; what it calls unknown (tools) is checked where it is used.
  const asyncv = { ...rest, providers, connectors, plugins } as unknown as AsyncvOptions
  if (sources.vault !== undefined) asyncv.vault = sources.vault
  if (storage !== undefined) asyncv.storage = sqlite(pathOf(storage, sources.directory))
  checkOptions(asyncv, problems)
  if (problems.length > 0) throw invalid(sources, problems)
  const { environment } = releases
  return { asyncv, releases: environment === undefined ? {} : { environment }, server: server as ServerConfig }
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
  const added = new Map<string, { definition: PartDefinition; plugin: string }>()
  for (const { name, definitions: its } of plugins) {
    for (const definition of its) {
      const key = `${definition.kind} type "${definition.type}"`
      const other = added.get(key)
      if (other !== undefined) problems.push(`plugins: "${other.plugin}" and "${name}" both have the ${key}.`)
      added.set(key, { definition, plugin: name })
    }
  }
  const own = [...added.values()].map(({ definition }) => definition)
  const isNew = ({ kind, type }: PartDefinition): boolean => !own.some((one) => one.kind === kind && one.type === type)
  const typesOf = (kind: PartKind): string[] => [
    ...new Set([...(types?.[kind] ?? []), ...own.filter((one) => one.kind === kind).map(({ type }) => type)]),
  ]
  return {
    definitions: [...own, ...definitions.filter(isNew)],
    ...(types === undefined ? {} : { types: { provider: typesOf('provider'), connector: typesOf('connector') } }),
  }
}

function makeParts<Part>(
  kind: PartKind,
  parts: unknown,
  sources: ConfigSources,
  problems: string[],
): Record<string, Part> {
  if (!isObject(parts)) return {}
  const found: PlacedProblem[] = []
  const made = Object.entries(parts).map(([name, value]): [string, unknown] => {
    if (isMade(kind, value)) return [name, value]
    // One that cannot be made keeps its name: what refers to it is not wrong as well. Nothing is started with problems.
    return [name, makePart(kind, [`${kind}s`, name], value, partSources(sources), found)]
  })
  problems.push(...found.map(sentenceOf))
  return Object.fromEntries(made) as Record<string, Part>
}

function partSources({ definitions, types, vault, secret, file }: ConfigSources): PartSources {
  return {
    definitions,
    ...(types === undefined ? {} : { types }),
    text(name, { path, problems }) {
      const text = vault === undefined ? secret(name) : vault.text(name, secret)
      if (text !== undefined && text !== null && text !== '') return text
      problems.push({ path, detail: text === null ? noText(name, vault) : nowhere(name, vault) })
      return undefined
    },
    ...(vault === undefined
      ? {}
      : {
          secret(name, { path, definition, options }) {
            // The operator's own file says where a part's requests go: what it names there is good for the part's secrets.
            const named = urlsIn(options).map(({ url }) => url.origin)
            const origins = [...new Set([...(definition.origin === undefined ? [] : [definition.origin]), ...named])]
            return vault.secret(name, { place: `${file}: ${placeOf(path)}`, origins, replaceable: true })
          },
        }),
  }
}

function nowhere(name: string, vault: Vault | undefined): string {
  const where = vault === undefined ? 'the environment has no' : 'neither the vault nor the environment has'
  return `${where} ${name}. Set it, or put it in .env beside the configuration.`
}

function noText(name: string, vault: Vault | undefined): string {
  const bound = vault?.boundOrigins(name)
  if (bound == null) return `the secret ${name} cannot be read. Set it again: asyncv secrets set ${name}`
  return `the secret ${name} is bound to ${bound.join(', ') || 'no origin'}, and this takes a plain text, which nothing binds. If it may have it: asyncv secrets set ${name} --origins default`
}

function invalid({ file, vault }: ConfigSources, problems: string[]): AsyncvError {
  // What a type says of its options may quote them.
  const lines = problems.map((problem) => `  ${vault === undefined ? problem : vault.hide(problem)}`)
  return new AsyncvError('config_invalid', `${file}:\n${lines.join('\n')}`, {
    hint: 'Mend the file and start again.',
  })
}
