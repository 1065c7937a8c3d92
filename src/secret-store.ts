import type { Actor } from './audit.ts'

/** A secret as it is stored: nothing of it can be read without the master key. */
export interface StoredSecret {
  name: string
  /** 1, and one more with each new value. */
  version: number
  /** The sealed value, base64; AES-256-GCM with its tag at the end. */
  cipher: string
  /** Base64, another one for each row that is written. */
  nonce: string
  /** Which master key it was sealed with. */
  keyId: string
  /** The only origins it may be sent to; null where nobody said, see `Secrets`. */
  origins: readonly string[] | null
  /** When it was set. ms since the epoch. */
  at: number
}

/** The part of the storage that keeps secrets. Every verb is one transaction, as in `Storage`. */
export interface SecretStore {
  /** All of them, by name. */
  secrets(): Promise<StoredSecret[]>
  /** Writes a new secret, or a version in the place of the one before. Rejects with `state_conflict` when that is not there. */
  putSecret(secret: StoredSecret, by: Actor): Promise<void>
  /** Whether there was one. */
  removeSecret(name: string, at: number, by: Actor): Promise<boolean>
}
