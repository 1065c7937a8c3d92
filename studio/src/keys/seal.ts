/** How Studio keeps what it has to be able to say again: AES-256-GCM, bound to the place where it is kept. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

export interface Sealer {
  /** `place` is what it belongs to, such as `runtime/<id>`: sealed for one place, it opens in no other. */
  seal(place: string, value: string): string
  /** Null when it was sealed for another place or with another key, or was changed. */
  open(place: string, sealed: string): string | null
}

export function createSealer(key: Buffer): Sealer {
  return {
    seal(place, value) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(boundTo(place))
      return Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64',
      )
    },
    open(place, sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      if (bytes.length < nonceBytes + tagBytes) return null
      try {
        const nonce = bytes.subarray(0, nonceBytes)
        const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(boundTo(place))
        decipher.setAuthTag(bytes.subarray(-tagBytes))
        const text = [decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]
        return Buffer.concat(text).toString('utf8')
      } catch {
        return null
      }
    },
  }
}

function boundTo(place: string): Buffer {
  return Buffer.from(JSON.stringify(['asyncv studio', place]))
}
