import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import {
  AsyncvError,
  type AsyncvOptions,
  type ConnectorDefinition,
  type ProviderDefinition,
  resolveConfig,
  type ServerConfig,
} from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { loadConfig, loadDotenv } from 'c12'
import { findModel } from './find-model.ts'

export interface Settings {
  asyncv: AsyncvOptions
  server: Required<Pick<ServerConfig, 'host' | 'port'>> & ServerConfig
  /** The database file. */
  database: string
  /** What was found, in a sentence for the person who starts it. */
  story: string[]
  agents: string[]
}

export interface SettingFlags {
  config?: string
  host?: string
  port?: number
  storage?: string
}

type Environment = Readonly<Record<string, string | undefined>>

const configNames = ['ts', 'mjs', 'js', 'json'].map((ending) => `asyncv.config.${ending}`)

/**
 * Puts the settings together: flags, then `ASYNCV_*` of the environment, then `.env`, then the file, then defaults. The
 * only place that reads the environment.
 */
export async function loadSettings(flags: SettingFlags, environment: Environment): Promise<Settings> {
  const file = findConfig(flags.config ?? environment['ASYNCV_CONFIG'])
  const directory = file === null ? process.cwd() : dirname(file)
  const env: Environment = { ...(await loadDotenv({ cwd: directory, env: {} })), ...environment }
  const home = resolve(env['ASYNCV_HOME'] ?? join(directory, '.asyncv'))
  const found = file === null ? await withoutFile(env) : await fromFile(file, env)
  const storage = flags.storage ?? env['ASYNCV_STORAGE']
  const database = storage === undefined ? (found.database ?? join(home, 'asyncv.db')) : storagePath(storage)
  return {
    asyncv: { ...found.asyncv, storage: sqlite(database) },
    server: {
      ...found.server,
      host: flags.host ?? env['ASYNCV_HOST'] ?? found.server.host ?? '127.0.0.1',
      port: portOf(flags.port ?? env['ASYNCV_PORT'] ?? found.server.port ?? 7400),
    },
    database,
    story: found.story,
    agents: found.asyncv.agents.map(({ name }) => name),
  }
}

interface Found {
  asyncv: AsyncvOptions
  server: ServerConfig
  database: string | null
  story: string[]
}

async function fromFile(file: string, env: Environment): Promise<Found> {
  const directory = dirname(file)
  const config = await readConfig(file)
  const { asyncv, server } = resolveConfig(config, {
    file,
    directory,
    definitions: await loadDefinitions(config),
    types: Object.keys(definitions),
    secret: (name) => env[name],
  })
  const { storage } = config as { storage?: string }
  return {
    asyncv,
    server,
    database: storage === undefined ? null : resolve(directory, storagePath(storage)),
    story: [`Configuration: ${file}`],
  }
}

/** Parts that a configuration can name by their type; loaded only when it does. */
const definitions: Record<string, () => Promise<ConnectorDefinition | ProviderDefinition>> = {
  openai: async () => (await import('@asyncv/openai')).openaiProvider,
  telegram: async () => (await import('@asyncv/telegram')).telegramConnector,
}

async function loadDefinitions(config: unknown): Promise<(ConnectorDefinition | ProviderDefinition)[]> {
  const { providers, connectors } = config as Record<
    'providers' | 'connectors',
    Record<string, { type?: unknown }> | undefined
  >
  const named = new Set(
    [...Object.values(providers ?? {}), ...Object.values(connectors ?? {})].map((part) => part?.type),
  )
  return Promise.all(Object.entries(definitions).flatMap(([type, load]) => (named.has(type) ? [load()] : [])))
}

/** No file: one agent on the first model that is found. */
async function withoutFile(env: Environment): Promise<Found> {
  const model = await findModel(env)
  const asyncv: AsyncvOptions = {
    agents: [
      {
        name: 'assistant',
        model: model.reference,
        instructions: 'You are a helpful assistant. Answer briefly, in the language of the person.',
        tools: ['time', 'calculator'],
      },
    ],
    providers: model.providers,
  }
  return {
    asyncv,
    server: {},
    database: null,
    story: ['No configuration file; one agent: assistant', `Model: ${model.story}`],
  }
}

function findConfig(given: string | undefined): string | null {
  if (given !== undefined) {
    const file = resolve(given)
    if (existsSync(file)) return file
    throw new AsyncvError('config_invalid', `There is no configuration file ${file}.`, {
      hint: 'Check --config or ASYNCV_CONFIG.',
    })
  }
  return configNames.map((name) => resolve(name)).find((file) => existsSync(file)) ?? null
}

async function readConfig(file: string): Promise<unknown> {
  try {
    const { config } = await loadConfig({
      cwd: dirname(file),
      configFile: file,
      rcFile: false,
      globalRc: false,
      packageJson: false,
    })
    return config
  } catch (error) {
    throw new AsyncvError('config_invalid', `${file} cannot be loaded: ${(error as Error).message}`, {
      hint: 'Mend the file and start again.',
      cause: error,
    })
  }
}

function storagePath(storage: string): string {
  if (storage.startsWith('sqlite:')) return storage.slice('sqlite:'.length)
  throw new AsyncvError('config_invalid', `storage is ${JSON.stringify(storage)}.`, {
    hint: 'Write "sqlite:" and a path, such as sqlite:./asyncv.db.',
  })
}

function portOf(value: string | number): number {
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new AsyncvError('config_invalid', `The port is ${JSON.stringify(value)}.`, {
    hint: 'Give a number from 0 to 65535.',
  })
}
