import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits: nobody guesses it, so a fast hash is enough to store. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256, hexadecimal. */
export function sha256(text: string): string {
  return hash('sha256', text)
}

/** Compares two hashes in a time that does not tell how much of them is equal. */
export function sameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
