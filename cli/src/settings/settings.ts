import { dirname } from 'node:path'
import {
  type AsyncvOptions,
  fileRelease,
  type ReleaseDocument,
  type ReleaseOptions,
  type ConfigSources,
  createVault,
  resolveConfig,
  type ServerConfig,
  type Vault,
} from 'asyncv'
import { sealedSecrets, sqlite } from 'asyncv/sqlite'
import { databasePath, type Environment, readEnvironment, usualDatabase } from './environment.ts'
import { CommandError } from '../failure.ts'
import { masterKey, masterKeyOfStart } from '../key-files/master-key.ts'
import { loadParts, partTypes } from './parts.ts'
import { trustOf } from '../release/trust-file.ts'
import { loadPlugins } from './plugins.ts'
import { withProxies } from './proxy.ts'
import { findConfig, readConfig } from './read-config.ts'
import { secretValues } from './secret-values.ts'
import { usualAgent } from './usual-agent.ts'
import { words } from '../words/spoken.ts'

export interface Settings {
  asyncv: AsyncvOptions & Required<Pick<AsyncvOptions, 'storage'>>
  server: Required<Pick<ServerConfig, 'host' | 'port' | 'managementPort' | 'notReadyMs'>> & ServerConfig
  /** Of the log: `debug`, `info`, `warn` or `error`. */
  logLevel: string
  /** The vault of the runtime, for what logs beside it. */
  vault: Vault
  /** The database file. */
  database: string
  /** What was found, in a sentence for the person who starts it. */
  story: string[]
  agents: string[]
}

/** How long a service remembers what happened, for readers that come back. ms. */
export const keepEventsMs = 7 * 24 * 60 * 60_000

/** Long enough for most of what looks whether a service is ready to look once. ms. */
export const notReadyMs = 1_000

export type SettingFlags = Readonly<Record<string, unknown>>

/**
 * Puts the settings together: flags, then `ASYNCV_*` of the environment, then `.env`, then the file, then defaults. A master key
 * that is not there yet is made and written, unless they are only `looked` at.
 */
export async function loadSettings(
  flags: SettingFlags,
  environment: Environment,
  { looked = false } = {},
): Promise<Settings> {
  const file = findConfig(flags['config'], environment)
  const directory = file === null ? process.cwd() : dirname(file)
  const env = readEnvironment(directory, environment)
  const storage = flags['storage'] ?? env['ASYNCV_STORAGE']
  const config = file === null ? null : await readConfig(file)
  const inFile = (Object(config) as { storage?: unknown }).storage
  const database =
    storage !== undefined
      ? databasePath(storage, process.cwd())
      : typeof inFile === 'string' && inFile.startsWith('sqlite:')
        ? databasePath(inFile, directory)
        : usualDatabase(env, directory)
  const secret = secretValues(env, directory)
  const key = await (looked ? masterKeyOfStart(database, env) : masterKey(database, env))
  const vault = createVault({ ...(key === null ? {} : { key }), elsewhere: secret })
  // Parts that take texts are made with what is in the vault now. One that cannot be read is told of by the start.
  await sealedSecrets(database)
    .then((store) => vault.lookAhead(store))
    .catch(() => {})
  const found = file === null ? await withoutFile(env) : await fromFile(file, config, env, { secret, vault })
  const trust = trustOf(database)
  const port = portOf(flags['port'] ?? env['ASYNCV_PORT'] ?? found.server.port ?? 7400)
  return {
    asyncv: {
      ...found.asyncv,
      vault,
      releases: {
        ...found.releases,
        ...(trust === null ? {} : { trust }),
        prepare: (document) => withProxies(document, env) as ReleaseDocument,
      },
      storage: sqlite(database),
      events: { keepMs: keepEventsMs, ...found.asyncv.events },
    },
    server: {
      ...found.server,
      host: String(flags['host'] ?? env['ASYNCV_HOST'] ?? found.server.host ?? '127.0.0.1'),
      port,
      notReadyMs: found.server.notReadyMs ?? notReadyMs,
      managementPort: portOf(
        // Who takes any free port for the one takes any for the other.
        flags['management-port'] ??
          env['ASYNCV_MANAGEMENT_PORT'] ??
          found.server.managementPort ??
          (port === 0 ? 0 : 7401),
      ),
    },
    logLevel: levelOf(flags, env),
    vault,
    database,
    story: found.story,
    agents: found.asyncv.agents.map(({ name }) => name),
  }
}

interface Found {
  asyncv: AsyncvOptions
  releases: Pick<ReleaseOptions, 'file' | 'environment'>
  server: ServerConfig
  story: string[]
}

async function fromFile(
  file: string,
  given: unknown,
  env: Environment,
  secrets: Pick<ConfigSources, 'secret' | 'vault'>,
): Promise<Found> {
  const directory = dirname(file)
  const config = withProxies(given, env)
  const [builtIn, plugins] = [await loadParts(config), await loadPlugins(config, directory)]
  const { asyncv, server, releases } = resolveConfig(config, {
    file,
    directory,
    definitions: builtIn,
    types: partTypes,
    plugins,
    ...secrets,
  })
  // What the environment adds, such as proxies, is the host's and not the file's.
  const brought = (asyncv.plugins ?? []).flatMap(({ definitions }) => definitions)
  const { document } = fileRelease(given, [...brought, ...builtIn])
  return {
    asyncv,
    releases: { ...releases, file: document },
    server,
    story: [words.start.configuration(file)],
  }
}

/** No file: one agent on the first model that is found. */
async function withoutFile(env: Environment): Promise<Found> {
  // Loaded when it is needed: it brings the protocol and its HTTP client along.
  const { findModel } = await import('./find-model.ts')
  const model = await findModel(env)
  const asyncv: AsyncvOptions = {
    agents: [{ ...usualAgent, model: model.reference }],
    providers: model.providers,
  }
  return {
    asyncv,
    releases: {},
    server: {},
    story: [words.start.noConfiguration, words.start.model(model.story)],
  }
}

export function portOf(value: unknown): number {
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new CommandError(words.start.port(JSON.stringify(value)), words.start.portHint, 2)
}

const logLevels = ['debug', 'info', 'warn', 'error']

/** Of the log. Apart from the rest, because `--watch` has lines of its own and reads no configuration. */
export function levelOf(flags: SettingFlags, env: Environment): string {
  const value = String(flags['log-level'] ?? env['ASYNCV_LOG_LEVEL'] ?? 'info')
  if (logLevels.includes(value)) return value
  throw new CommandError(words.start.logLevel(JSON.stringify(value)), words.start.logLevelHint(logLevels), 2)
}
