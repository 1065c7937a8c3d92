import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { CommandError } from '../failure.ts'
import { words } from '../words/spoken.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The variables that count: those that are set, over those of `.env` in the configuration's directory. An empty one is
 * as good as none, as in `ASYNCV_PORT= asyncv start`.
 */
export function readEnvironment(directory: string, environment: Environment): Environment {
  const file = join(directory, '.env')
  const written = existsSync(file) ? parseEnv(read(file)) : {}
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '')
  return { ...written, ...Object.fromEntries(set) }
}

/** The database that nothing else is said about: in `ASYNCV_HOME`, or in `.asyncv` beside the configuration. */
export function usualDatabase(env: Environment, directory: string): string {
  return join(resolve(env['ASYNCV_HOME'] ?? join(directory, '.asyncv')), 'asyncv.db')
}

/** The file of a storage such as `sqlite:./asyncv.db`, which is relative to `directory`. */
export function databasePath(storage: unknown, directory: string): string {
  const [, scheme, path] = /^([\w+-]*):(.+)$/s.exec(String(storage)) ?? []
  if (scheme === 'sqlite' && path !== undefined) return path === ':memory:' ? path : resolve(directory, path)
  // The scheme only: what follows may hold a password.
  throw new CommandError(words.files.storage(scheme), words.files.storageHint, 2)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandError(words.files.cannotRead(file, (error as Error).message), words.files.cannotReadHint, 2)
  }
}
