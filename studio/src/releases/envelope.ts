/** Hashes and signatures of releases, as runtimes check them. */
import { canonicalJson, type ReleaseEnvelope } from 'asyncv/schemas'
import { createHash } from 'node:crypto'
import type { Signer } from './ports.ts'

export type UnsignedEnvelope = Omit<ReleaseEnvelope, 'signature' | 'publisher'>

/** Of the canonical form of a document: the same for what means the same. */
export function hashOf(document: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(document)).digest('hex')}`
}

/** Ed25519 over the canonical form of all the rest of the envelope. */
export function signEnvelope(envelope: UnsignedEnvelope, { publisher, sign }: Signer): ReleaseEnvelope {
  const { hash, parentHash, audience, sequence, createdAt } = envelope
  const unsigned = { hash, parentHash, audience, publisher, sequence, createdAt }
  return { ...unsigned, signature: sign(Buffer.from(canonicalJson(unsigned))) }
}
