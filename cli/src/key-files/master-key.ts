import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { Environment } from '../settings/environment.ts'
import { CommandError } from '../failure.ts'
import { ensureKey } from './key-file.ts'
import { words } from '../words/spoken.ts'

/** How the vault takes a key: 32 bytes in base64 or hexadecimal. */
const form = /^(?:[0-9a-fA-F]{64}|[\w+/-]{43}=?)$/

const bytes = 32

/**
 * The key that secrets are sealed with: `ASYNCV_MASTER_KEY`, or `vault.key` beside the database, written first if there is
 * none. A database in memory has one of its own, which ends with it.
 */
export async function masterKey(database: string, env: Environment): Promise<string> {
  const given = env['ASYNCV_MASTER_KEY']
  if (given !== undefined) return checkedVariable(given.trim())
  if (database === ':memory:') return make()
  const file = join(dirname(database), 'vault.key')
  return ensureKey({
    file,
    make,
    checked: (key) => checkedFile(file, key),
    wayOut: words.secrets.keyFileHint,
  })
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
