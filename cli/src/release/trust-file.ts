import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AsyncvError, TrustFile } from 'asyncv'
import { trustFile } from '../key-files/key-files.ts'
import { inTurn } from './json-file.ts'
import { ensurePublisher, hereName } from './publisher.ts'

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
  const trust = new TrustFile(path)
  let result: { value: Result } | null = null
  try {
    inTurn(path, () => {
      result = { value: change(trust) }
    })
  } catch (error) {
    // Where no lock can be written, nor can the list, which says that in words of its own.
    if (error instanceof AsyncvError) throw error
    result ??= { value: change(trust) }
  }
  return (result as unknown as { value: Result }).value
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
