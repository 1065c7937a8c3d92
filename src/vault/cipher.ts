/** How a secret is sealed: AES-256-GCM, with everything else of its row as additional data. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { StoredSecret } from '../secret-store.ts'
import type { MasterKey } from './master-key.ts'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

export function seal(
  { name, version, origins, at }: Pick<StoredSecret, 'name' | 'version' | 'origins' | 'at'>,
  value: string,
  key: MasterKey,
): StoredSecret {
  const nonce = randomBytes(nonceBytes).toString('base64')
  const row = { name, version, origins, at, nonce, keyId: key.id }
  const cipher = createCipheriv(algorithm, key.cipher, Buffer.from(nonce, 'base64'))
  cipher.setAAD(boundTo(row))
  const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { ...row, cipher: sealed.toString('base64') }
}

/** Null when the row is not as it was sealed, or was sealed with another key. */
export function unseal(row: StoredSecret, key: MasterKey): string | null {
  const sealed = Buffer.from(row.cipher, 'base64')
  const nonce = Buffer.from(row.nonce, 'base64')
  if (row.keyId !== key.id || nonce.length !== nonceBytes || sealed.length < tagBytes) return null
  try {
    const decipher = createDecipheriv(algorithm, key.cipher, nonce, { authTagLength: tagBytes })
    decipher.setAAD(boundTo(row))
    decipher.setAuthTag(sealed.subarray(-tagBytes))
    return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/**
 * Tells whether two values of a name are the same, and nothing else: without the master key no guess can be checked against
 * it, and the same value under another name has another one.
 */
export function fingerprintOf(name: string, value: string, key: MasterKey): string {
  return createHmac('sha256', key.fingerprint)
    .update(JSON.stringify([name, value]))
    .digest('hex')
    .slice(0, 16)
}

/** Whoever can write to the database cannot swap rows, take old origins or an old number, or mix nonces: none of it opens then. */
function boundTo({ name, version, origins, at, nonce, keyId }: Omit<StoredSecret, 'cipher'>): Buffer {
  return Buffer.from(JSON.stringify(['asyncv secret', name, version, origins, at, nonce, keyId]))
}
