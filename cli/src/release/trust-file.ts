import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TrustFile } from 'asyncv'
import { cannotWrite } from '../cannot-write.ts'
import { CommandError } from '../failure.ts'
import { trustFile } from '../key-files/key-files.ts'
import { takeTurn } from './json-file.ts'
import { ensurePublisher, hereName } from './publisher.ts'
import { words } from '../words/spoken.ts'

/** The trust list beside the database; null for a database in memory, which trusts nobody. */
export function trustOf(database: string): TrustFile | null {
  return database === ':memory:' ? null : new TrustFile(pathOf(database))
}

/**
 * Changes the list in turn with other commands: of two that do so at once, the one would write down whom the other has just taken
 * off.
 */
export function changeTrust<Result>(database: string, change: (trust: TrustFile) => Result): Result {
  const path = pathOf(database)
  const release = turnAt(path)
  try {
    return change(new TrustFile(path))
  } finally {
    release()
  }
}

const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG'])

/** Where no lock can be written, nor can the list: that says so in words of its own, and reading it is still allowed. */
function turnAt(path: string): () => void {
  try {
    return takeTurn(path)
  } catch (error) {
    if (unwritable.has((error as NodeJS.ErrnoException).code ?? '')) return () => {}
    throw error instanceof CommandError ? error : cannotWrite(path, error, words.files.cannotWriteHint)
  }
}

function pathOf(database: string): string {
  return join(dirname(database), trustFile)
}

/**
 * Begins the trust list with this host's command, where there is none yet: whoever may write there may do everything anyway.
 * Who is taken off the list stays off it.
 */
export async function beginTrust(database: string): Promise<void> {
  if (database === ':memory:') return
  const { publicKey } = await ensurePublisher(database)
  // Each start looks, and most find one.
  if (existsSync(pathOf(database))) return
  changeTrust(database, (trust) => trust.begin(hereName, publicKey, Date.now()))
}
