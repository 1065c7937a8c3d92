import { dirname, join } from 'node:path'
import { TrustFile } from 'asyncv'
import { trustFile } from '../key-files/key-files.ts'
import { ensurePublisher, hereName } from './publisher.ts'

/** The trust list beside the database; null for a database in memory, which trusts nobody. */
export function trustOf(database: string): TrustFile | null {
  return database === ':memory:' ? null : new TrustFile(join(dirname(database), trustFile))
}

/**
 * Begins the trust list with this host's command, where there is none yet: whoever may write there may do everything anyway.
 * Who is taken off the list stays off it.
 */
export async function beginTrust(database: string): Promise<void> {
  const trust = trustOf(database)
  if (trust === null) return
  const { publicKey } = await ensurePublisher(database)
  trust.begin(hereName, publicKey, Date.now())
}
