import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from './failure.ts'
import { words } from './words/spoken.ts'

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

/** How long another start may take between making the file and writing into it. ms; it takes less than one. */
const patienceMs = 500

/** The same for the first start, which writes it. A database in memory has no place for one. */
export async function ensureOperatorKey(database: string): Promise<string | null> {
  if (database === ':memory:') return null
  const file = fileOf(database)
  return (existsSync(file) ? null : write(file)) ?? (await readWritten(file))
}

/** Null when another that starts at the same time was first: they must not each believe in a key of their own. */
function write(file: string): string | null {
  const key = `avk_operator_${randomBytes(32).toString('base64url')}`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' })
    return key
  } catch (error) {
    if (isFileThere(error)) return null
    throw new CommandError(words.files.cannotWrite(file, (error as Error).message), words.files.cannotWriteHint, 2)
  }
}

async function readWritten(file: string): Promise<string> {
  try {
    chmodSync(file, 0o600)
    const until = Date.now() + patienceMs
    while (readFileSync(file, 'utf8') === '' && Date.now() < until) await sleep(5)
    return checked(file, readFileSync(file, 'utf8').trim())
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(words.files.cannotUse(file, (error as Error).message), words.files.cannotUseHint, 2)
  }
}

function isFileThere(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException
  return code === 'EEXIST' && syscall === 'open'
}

function checked(file: string, key: string): string {
  if (/^avk_operator_[\w-]{43}$/.test(key)) return key
  throw new CommandError(words.files.noOperatorKey(file), words.files.noOperatorKeyHint, 2)
}
