import { generateKeyPairSync } from 'node:crypto'
import { dirname, join } from 'node:path'
import { publicKeyFrom, TrustFile } from 'asyncv'
import { ensureKey } from './key-file.ts'
import { words } from './words/spoken.ts'

/** What this command publishes as on its own host. */
export const commandPublisher = 'command'

/** The trust list beside the database; null for a database in memory, which trusts nobody. */
export function trustFileOf(database: string): TrustFile | null {
  return database === ':memory:' ? null : new TrustFile(join(dirname(database), 'trust.json'))
}

/**
 * The Ed25519 key (PEM, PKCS #8) that this command signs releases with, in `publisher.key` beside the database, written first
 * if there is none; null for a database in memory. Where there is no trust list yet, one begins that trusts it: whoever may
 * write there may do everything anyway. Who is taken off the list stays off it.
 */
export async function ensurePublisherKey(database: string): Promise<string | null> {
  const trust = trustFileOf(database)
  if (trust === null) return null
  const file = join(dirname(database), 'publisher.key')
  const key = await ensureKey({
    file,
    make: () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim(),
    checked(key) {
      publicKeyFrom(key)
      return key
    },
    wayOut: words.files.publisherKeyHint,
  })
  trust.begin(commandPublisher, publicKeyFrom(key), Date.now())
  return key
}
