import { readOwner } from '@asyncv/migrations'
import { dirname } from 'node:path'
import { databasePath, type Environment, readEnvironment, usualDatabase } from '../settings/environment.ts'
import { CommandError } from '../failure.ts'
import { readOperatorKey } from '../key-files/operator-key.ts'
import { findConfig, readConfig } from '../settings/read-config.ts'
import type { Flags } from '../tree/command.ts'
import { stillStarting } from './starting.ts'
import { words } from '../words/spoken.ts'

export interface FoundService {
  url: string
  /** What identifies the command to it; null where it has to do without. */
  key: string | null
}

/**
 * The service that runs here: named, or announced by the owner of the database, or on the default port. Throws for one that is
 * still starting, and does not answer yet.
 */
export async function findService(flags: Flags, environment: Environment): Promise<FoundService | null> {
  const { env, storage, server, directory } = await look(environment)
  const key = checkKey((flags['key'] as string | undefined) ?? env['ASYNCV_KEY'] ?? null)
  const named = flags['url'] ?? env['ASYNCV_URL']
  // The operator key is for the service whose database it lies beside, and for no other.
  if (typeof named === 'string') return { url: checkUrl(named), key }
  const database = databaseOf(env, storage, directory)
  const owner = await readOwner(database).catch(() => null)
  if (owner?.url !== undefined) return { url: owner.url, key: key ?? readOperatorKey(database) }
  const host = reachable(String(env['ASYNCV_HOST'] ?? server?.host ?? '127.0.0.1'))
  const usual = `http://${host}:${env['ASYNCV_PORT'] ?? server?.port ?? 7400}${server?.basePath ?? ''}`
  if (await isAsyncv(usual)) return { url: usual, key }
  const starting = owner === null ? null : stillStarting(owner, database)
  if (starting !== null) throw starting
  return null
}

/** Where this machine reaches what listens on `host`, as URLs write it: every address of it (`0.0.0.0`, `::`) is none to go to. */
function reachable(host: string): string {
  const plain = host.replace(/^\[|\]$/g, '')
  if (plain === '0.0.0.0') return '127.0.0.1'
  if (plain === '::') return '[::1]'
  return plain.includes(':') ? `[${plain}]` : plain
}

/** The database of the service that would run here. */
export async function findDatabase(environment: Environment): Promise<string> {
  const { env, storage, directory } = await look(environment)
  return databaseOf(env, storage, directory)
}

/** The same, with the variables that count there. */
export async function findPlace(environment: Environment): Promise<{ database: string; env: Environment }> {
  const { env, storage, directory } = await look(environment)
  return { database: databaseOf(env, storage, directory), env }
}

async function look(environment: Environment) {
  const file = findConfig(undefined, environment)
  const directory = file === null ? process.cwd() : dirname(file)
  // Talking to a service does not need a file that can be loaded.
  const config = file === null ? {} : Object(await readConfig(file).catch(() => ({})))
  const { storage, server } = config as {
    storage?: unknown
    server?: { host?: unknown; port?: unknown; basePath?: unknown } | null
  }
  return { env: readEnvironment(directory, environment), storage, server, directory }
}

/** The head of a request that says who sends it. */
export function identifiedBy(key: string | null): Record<string, string> {
  return key === null ? {} : { Authorization: `Bearer ${key}` }
}

function databaseOf(env: Environment, storage: unknown, directory: string): string {
  const named = env['ASYNCV_STORAGE']
  if (named !== undefined) return databasePath(named, process.cwd())
  return storage === undefined ? usualDatabase(env, directory) : databasePath(storage, directory)
}

/** Nothing runs at `url`, or nowhere where one looks. */
export function noService(url: string | null): CommandError {
  return new CommandError(url === null ? words.service.none : words.service.noneAt(url), words.service.startOne, 1)
}

/** Of a service that was named, without the slash at its end. Throws for what is no URL of one, and for a password in it. */
export function checkUrl(url: string, form = words.service.writeUrl): string {
  const parsed = /^https?:\/\//.test(url) && URL.canParse(url) ? new URL(url) : null
  // It is not said again: there may be a password in it.
  if (url.includes('@')) throw new CommandError(words.service.passwordInUrl, words.service.giveKey, 2)
  if (parsed !== null && parsed.search === '' && parsed.hash === '') return url.replace(/\/+$/, '')
  throw new CommandError(words.service.notUrl(url), form, 2)
}

/** What cannot stand in a header would look as if no service was there. */
export function checkKey<Key extends string | null>(key: Key): Key {
  if (key === null || /^[\x21-\x7e]+$/.test(key)) return key
  throw new CommandError(words.service.keyForm, words.service.keyFormHint, 2)
}

/** Other programs may have that port, and a `/livez` too. */
async function isAsyncv(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000), redirect: 'manual' })
    const { ready } = (await response.json()) as { ready?: unknown }
    return typeof ready === 'boolean'
  } catch {
    return false
  }
}
