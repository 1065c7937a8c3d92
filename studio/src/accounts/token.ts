import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits: nobody guesses one, so its hash needs no salt and no slowness. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function isToken(given: string): boolean {
  return /^[\w-]{43}$/.test(given)
}

/** What is kept of a token. Whoever reads the database cannot be who has it. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Takes as long however much of it is right. */
export function isSameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
