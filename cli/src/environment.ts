import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The variables that count: those that are set, over those of `.env` in the configuration's directory. An empty one is
 * as good as none, as in `ASYNCV_PORT= asyncv start`.
 */
export function readEnvironment(directory: string, environment: Environment): Environment {
  const file = join(directory, '.env')
  const written = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '')
  return { ...written, ...Object.fromEntries(set) }
}

/** The database that nothing else is said about: in `ASYNCV_HOME`, or in `.asyncv` beside the configuration. */
export function usualDatabase(env: Environment, directory: string): string {
  return join(resolve(env['ASYNCV_HOME'] ?? join(directory, '.asyncv')), 'asyncv.db')
}
