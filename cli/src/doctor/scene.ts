import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type OwnerDetails, readOwner } from '@asyncv/migrations'
import { databasePath, type Environment, readEnvironment, usualDatabase } from '../settings/environment.ts'
import { masterKeyFile } from '../key-files/key-files.ts'
import { findConfig, readConfig } from '../settings/read-config.ts'
import { loadSettings, type Settings } from '../settings/settings.ts'

/**
 * Where one is, as far as it can be found out. Whatever is broken is kept as what was thrown: a doctor is called when things
 * are, and looks at the rest all the same.
 */
export interface Scene {
  /** The configuration file; null where there is none, or the one that is named is not there. */
  file: string | null
  directory: string
  env: Environment
  /** What the file exports, unchecked; null where it has none that loads. */
  config: unknown
  /** Null when they cannot be put together; then `broken` says why. */
  settings: Settings | null
  broken: unknown
  /** `:memory:` keeps nothing. */
  database: string
  owner: OwnerDetails | null
  /** The configuration may have names that only the vault of another master key opens. */
  hasMasterKey: boolean
}

export async function lookAround(environment: Environment): Promise<Scene> {
  const problems: unknown[] = []
  const tried = async <Value>(work: () => Value | Promise<Value>, otherwise: Value): Promise<Value> => {
    try {
      return await work()
    } catch (error) {
      problems.push(error)
      return otherwise
    }
  }
  const file = await tried(() => findConfig(undefined, environment), null)
  const directory = file === null ? process.cwd() : dirname(file)
  const env = await tried(() => readEnvironment(directory, environment), environment)
  const config = file === null ? null : await tried(() => readConfig(file), null)
  const database = await tried(() => databaseOf(config, env, directory), usualDatabase(env, directory))
  const hasMasterKey =
    env['ASYNCV_MASTER_KEY'] !== undefined ||
    existsSync(join(dirname(database), masterKeyFile)) ||
    database === ':memory:'
  // Whoever only looks writes no key: a start does. This one opens nothing.
  const master = hasMasterKey ? {} : { ASYNCV_MASTER_KEY: randomBytes(32).toString('base64') }
  const settings =
    problems.length > 0
      ? null
      : await tried(() => loadSettings({}, { ...environment, ...master }, { looked: true }), null)
  const owner = database === ':memory:' ? null : await readOwner(database).catch(() => null)
  return { file, directory, env, config, settings, broken: problems[0] ?? null, database, owner, hasMasterKey }
}

function databaseOf(config: unknown, env: Environment, directory: string): string {
  const named = env['ASYNCV_STORAGE']
  if (named !== undefined) return databasePath(named, process.cwd())
  const { storage } = Object(config) as { storage?: unknown }
  return storage === undefined ? usualDatabase(env, directory) : databasePath(storage, directory)
}

/** What was thrown, for people. A bug has no more to say than its message. */
export function said(error: unknown): { text: string; hint: string | null } {
  const { message, hint } = Object(error) as { message?: string; hint?: string }
  return { text: message ?? String(error), hint: hint === undefined || hint === '' ? null : hint }
}
