/** A publisher whose releases a runtime takes. */
export interface TrustedPublisher {
  name: string
  /** Ed25519, 32 bytes in base64. */
  publicKey: string
  /** What people compare when they trust it. */
  fingerprint: string
  /** ms since the epoch. */
  addedAt: number
}

/** Who may say what a runtime is. */
export interface Trust {
  /** Asked at each release: what was changed counts from the next one on. Throws `trust_unusable`. */
  publishers(): readonly TrustedPublisher[]
}

/** Somebody on the host has changed the trust list, for the audit log. */
export interface TrustChange {
  /** `trust.replaced` for a key in the place of another one of that name. */
  action: 'trust.added' | 'trust.replaced' | 'trust.removed'
  publisher: string
  /** Of the key that is trusted now, or was. */
  fingerprint: string
  /** With `trust.replaced`, of the key before. */
  replaced?: string | undefined
}
