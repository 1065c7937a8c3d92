/** Hashes and signatures of releases: the only place of theirs with cryptography. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { AsyncvError } from '../errors.ts'
import { canonicalJson } from '../internal/canonical-json.ts'
import type { ReleaseEnvelope } from '../schemas/release.ts'

export type UnsignedEnvelope = Omit<ReleaseEnvelope, 'signature'>

/** `privateKey` is an Ed25519 key in PEM (PKCS #8). Throws `config_invalid` for another one. */
export function signEnvelope(envelope: UnsignedEnvelope, privateKey: string): ReleaseEnvelope {
  const { hash, parentHash, audience, publisher, sequence, createdAt } = envelope
  const unsigned = { hash, parentHash, audience, publisher, sequence, createdAt }
  const signature = sign(null, Buffer.from(canonicalJson(unsigned)), privateKeyOf(privateKey)).toString('base64')
  return { ...unsigned, signature }
}

/** Whether the envelope is what the owner of this key has signed. `publicKey` is 32 bytes in base64. */
export function isSignedBy({ signature, ...unsigned }: ReleaseEnvelope, publicKey: string): boolean {
  return verify(null, Buffer.from(canonicalJson(unsigned)), publicKeyOf(publicKey), Buffer.from(signature, 'base64'))
}

/** The public half of a private key, 32 bytes in base64, as trust lists have it. */
export function publicKeyFrom(privateKey: string): string {
  const { x } = createPublicKey(privateKeyOf(privateKey)).export({ format: 'jwk' })
  return Buffer.from(String(x), 'base64url').toString('base64')
}

/** What people compare: the first 16 bytes of the SHA-256 of the public key, in groups of four hexadecimal digits. */
export function keyFingerprint(publicKey: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')
  return digest.slice(0, 32).match(/.{4}/g)?.join('-') ?? ''
}

/** 32 bytes in base64, as every key of a trust list is. */
export const publicKeyForm = /^[A-Za-z0-9+/]{43}=$/

function publicKeyOf(publicKey: string): KeyObject {
  const x = Buffer.from(publicKey, 'base64').toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}

function privateKeyOf(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below, without what the library says: it may quote the key.
  }
  throw new AsyncvError('config_invalid', 'The key of the publisher is no Ed25519 key in PEM (PKCS #8).', {
    hint: 'Remove the file to have a new key made, and trust that one on each runtime.',
  })
}
