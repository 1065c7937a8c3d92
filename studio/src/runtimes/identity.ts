/** What this Studio signs releases with, made with its first start. */
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { z } from 'zod'
import type { Database } from '../database/open.ts'
import type { Sealer } from '../keys/seal.ts'
import type { identity } from '../schemas/runtime.ts'
import { StudioError } from '../studio-error.ts'

export interface Identity {
  /** What may be told. */
  shown: z.infer<typeof identity>
  /** Ed25519, in PEM (PKCS #8). Never shown. */
  privateKey: string
}

const place = 'identity'

/** Whether Studio's key has sealed something in this database. */
export async function isSealed(db: Database): Promise<boolean> {
  return (await db.selectFrom('identity').select('id').executeTakeFirst()) !== undefined
}

/** Throws `config_invalid` when the key that it was sealed with is another one now. */
export async function ensureIdentity(db: Database, sealer: Sealer, now: () => number): Promise<Identity> {
  const known = await db.selectFrom('identity').selectAll().executeTakeFirst()
  if (known !== undefined) {
    const privateKey = sealer.open(place, known.sealed_private_key)
    if (privateKey !== null) return { shown: shownOf(known.publisher, known.public_key), privateKey }
    throw new StudioError(
      'config_invalid',
      'The key of Studio does not open what is in its database.',
      'Put back the studio.key that belongs to this database, or the ASYNCV_STUDIO_KEY that was used before.',
    )
  }
  const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const publicKey = publicKeyFrom(privateKey)
  // Several Studios may publish to a runtime, and each counts for itself.
  const publisher = `studio-${fingerprintOf(publicKey).slice(0, 4)}`
  const sealed = sealer.seal(place, privateKey)
  await db
    .insertInto('identity')
    .values({ id: 1, publisher, public_key: publicKey, sealed_private_key: sealed, created_at: now() })
    .execute()
  return { shown: shownOf(publisher, publicKey), privateKey }
}

function shownOf(publisher: string, publicKey: string): Identity['shown'] {
  const trustCommand = `asyncv trust add ${publisher} ${publicKey}`
  return { publisher, publicKey, fingerprint: fingerprintOf(publicKey), trustCommand }
}

function publicKeyFrom(privateKey: string): string {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return Buffer.from(String(x), 'base64url').toString('base64')
}

/** As a runtime shows it: the first 16 bytes of the SHA-256 of the key, in groups of four hexadecimal digits. */
export function fingerprintOf(publicKey: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')
  return digest.slice(0, 32).match(/.{4}/g)?.join('-') ?? ''
}
