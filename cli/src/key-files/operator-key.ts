import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CommandError } from '../failure.ts'
import { ensureKey } from './key-file.ts'
import { operatorKeyFile } from './key-files.ts'
import { words } from '../words/spoken.ts'

/** Beside the database: who may read the one may read the other. */
function fileOf(database: string): string {
  return join(dirname(database), operatorKeyFile)
}

/** The key that may do everything, for commands on this host; null when none was written, or this user may not read it. */
export function readOperatorKey(database: string): string | null {
  if (database === ':memory:') return null
  try {
    return checked(fileOf(database), readFileSync(fileOf(database), 'utf8').trim())
  } catch (error) {
    if (error instanceof CommandError) throw error
    return null
  }
}

/** The same for the first start, which writes it. A database in memory has no place for one. */
export async function ensureOperatorKey(database: string): Promise<string | null> {
  if (database === ':memory:') return null
  const file = fileOf(database)
  return ensureKey({
    file,
    make: () => `avk_operator_${randomBytes(32).toString('base64url')}`,
    checked: (key) => checked(file, key),
    wayOut: words.files.cannotUseHint,
  })
}

function checked(file: string, key: string): string {
  if (/^avk_operator_[\w-]{43}$/.test(key)) return key
  throw new CommandError(words.files.noOperatorKey(file), words.files.noOperatorKeyHint, 2)
}
