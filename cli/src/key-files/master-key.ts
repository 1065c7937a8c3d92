import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Environment } from '../settings/environment.ts'
import { CommandError } from '../failure.ts'
import { ensureKey, type KeyFile, readKey } from './key-file.ts'
import { masterKeyFile } from './key-files.ts'
import { words } from '../words/spoken.ts'

/** How the vault takes a key: 32 bytes in base64 or hexadecimal. */
const form = /^(?:[0-9a-fA-F]{64}|[\w+/-]{43}=?)$/

const bytes = 32

/**
 * The key that secrets are sealed with: `ASYNCV_MASTER_KEY`, or `vault.key` beside the database, written first if there is
 * none. A database in memory has one of its own, which ends with it. A file that is gone while there are secrets that it
 * sealed is not replaced unless that is meant, with `anew`: these nobody could read any more.
 */
export async function masterKey(database: string, env: Environment, { anew = false } = {}): Promise<string> {
  const given = env['ASYNCV_MASTER_KEY']
  if (given !== undefined) return checkedVariable(given.trim())
  if (database === ':memory:') return make()
  const kind = keyFileOf(database)
  if (!anew && !existsSync(kind.file)) await checkNotLost(database, kind.file)
  return ensureKey(kind)
}

/** The same for who only looks: null where there is none. */
export async function findMasterKey(database: string, env: Environment): Promise<string | null> {
  const isThere = env['ASYNCV_MASTER_KEY'] !== undefined || existsSync(keyFileOf(database).file)
  return isThere ? masterKey(database, env) : null
}

/**
 * The one that a start would have, and nothing is changed, not even who may read it: null where it would make one. Throws what the
 * start would.
 */
export async function masterKeyOfStart(database: string, env: Environment): Promise<string | null> {
  if (env['ASYNCV_MASTER_KEY'] !== undefined) return masterKey(database, env)
  if (database === ':memory:') return null
  const kind = keyFileOf(database)
  if (existsSync(kind.file)) return readKey(kind)
  await checkNotLost(database, kind.file)
  return null
}

function keyFileOf(database: string): KeyFile {
  const file = join(dirname(database), masterKeyFile)
  return { file, make, checked: (key) => checkedFile(file, key), wayOut: words.secrets.keyFileHint }
}

async function checkNotLost(database: string, file: string): Promise<void> {
  if (!existsSync(database)) return
  // Loaded when it is needed: it is the whole library.
  const { sealedSecrets } = await import('asyncv/sqlite')
  const sealed = await (await sealedSecrets(database)).secrets()
  if (sealed.length > 0)
    throw new CommandError(words.secrets.keyLost(file, sealed.length), words.secrets.keyLostHint, 2)
}

function make(): string {
  return randomBytes(bytes).toString('base64')
}

function checkedVariable(key: string): string {
  if (form.test(key)) return key
  throw new CommandError(words.secrets.keyForm, words.secrets.keyFormHint, 2)
}

function checkedFile(file: string, key: string): string {
  if (form.test(key)) return key
  throw new CommandError(words.secrets.noKeyIn(file), words.secrets.noKeyInHint, 2)
}
