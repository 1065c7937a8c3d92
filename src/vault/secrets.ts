import type { Actor } from '../audit.ts'

/** What is told of a secret: never its value. */
export interface SecretInfo {
  name: string
  /** 1, and one more with each new value. */
  version: number
  /**
   * The only origins it is sent to; null where nobody has bound it: then to the official one of the part that uses it, and to
   * those that the operator's own configuration names there.
   */
  origins: readonly string[] | null
  /** The same for the same value of this name, and nothing can be learned of the value; null when it cannot be read. */
  fingerprint: string | null
  /** The master key that it was sealed with. */
  keyId: string
  /** ms since the epoch. */
  updatedAt: number
}

export interface SecretInput {
  /** A letter or `_`, then letters, digits, `_`, `.` or `-`; up to 128 characters. */
  name: string
  /** 1 to 65,536 characters, of which no one is half a pair of UTF-16. */
  value: string
  /** Where it may be sent, up to 20. Default: as before, for a new one and one that cannot be read null. */
  origins?: readonly string[] | null
}

/** The vault as those see it who manage a runtime: they write values, and never read one. `by` is whom the audit log names. */
export interface Secrets {
  /** By name. */
  list(): Promise<SecretInfo[]>
  /** Throws `secret_unknown`. */
  get(name: string): Promise<SecretInfo>
  /** Sets a new one, or a new value that the next request uses. Throws `vault_keyless` without a master key, `input_invalid`. */
  put(secret: SecretInput, by?: Actor): Promise<SecretInfo>
  /** Throws `secret_unknown`. Requests that would need it fail from now on, unless the environment has it. */
  remove(name: string, by?: Actor): Promise<SecretInfo>
}
