import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CommandError } from './failure.ts'

/** Beside the database: who may read the one may read the other. */
function fileOf(database: string): string {
  return join(dirname(database), 'operator.key')
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
export function ensureOperatorKey(database: string): string | null {
  if (database === ':memory:') return null
  const file = fileOf(database)
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    const key = `avk_operator_${randomBytes(32).toString('base64url')}`
    // Exclusive: two that start at once must not each believe in a key of their own.
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
    return key
  }
  chmodSync(file, 0o600)
  return checked(file, readFileSync(file, 'utf8').trim())
}

function checked(file: string, key: string): string {
  if (/^avk_operator_[\w-]{43}$/.test(key)) return key
  throw new CommandError(`${file} holds no operator key.`, 'Remove it; the next start writes a new one.', 2)
}
