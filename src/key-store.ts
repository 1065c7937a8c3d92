import type { Actor } from './audit.ts'
import type { ApiKey } from './key.ts'
import type { Page, PageRequest } from './page.ts'

/** A key as it is stored: of the secret there is only the hash. */
export interface StoredKey extends ApiKey {
  /** SHA-256 of the whole key, hexadecimal. */
  hash: string
}

/**
 * The part of the storage that keeps API keys. Every verb is one transaction, as in `Storage`; what `by` did is written into
 * the audit log with it.
 */
export interface KeyStore {
  createKey(key: StoredKey, by: Actor): Promise<void>
  key(id: string): Promise<StoredKey | null>
  /** Newest first. */
  keys(page: PageRequest): Promise<Page<ApiKey>>
  /** Whether a key was ever made, also one that is revoked or expired by now. */
  anyKey(): Promise<boolean>
  /** Null when it is unknown. What is revoked stays as it was. */
  revokeKey(id: string, at: number, by: Actor): Promise<ApiKey | null>
  /** Notes when keys were last used; what is earlier than noted changes nothing. */
  noteUse(uses: ReadonlyMap<string, number>): Promise<void>
}
