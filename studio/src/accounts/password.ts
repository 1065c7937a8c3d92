import PQueue from 'p-queue'
import { randomBytes, scrypt as scryptOf, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Problem } from '../http/problem.ts'

const scrypt = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scryptOf)

/** What scrypt takes (RFC 7914): N as a power of two, the size of a block, and how many passes. */
export interface PasswordCost {
  log2N: number
  r: number
  p: number
}

/**
 * One of the settings of equal strength in the OWASP Password Storage Cheat Sheet (2025), the one that takes 32 MiB for each of
 * its three passes. They stand in each hash, so that they can be raised later.
 */
export const usualCost: PasswordCost = { log2N: 15, r: 8, p: 3 }

const saltBytes = 16
const hashBytes = 32

/** Each takes memory and a core for a third of a second: more at once would starve what else Studio does. */
const atOnce = new PQueue({ concurrency: 2 })
/** Past as many waiting ones, somebody is flooding, and whoever comes is asked to come again. */
const mostWaiting = 50

export interface Passwords {
  /** `scrypt$15$8$3$<salt>$<hash>`, both in base64. */
  hash(password: string): Promise<string>
  /** Takes the same time where there is no hash, so that nobody learns from it which logins there are. */
  matches(password: string, stored: string | null): Promise<boolean>
}

export function createPasswords(cost: PasswordCost): Passwords {
  const written = (salt: Buffer, hash: Buffer): string =>
    ['scrypt', cost.log2N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$')
  const nobodys = written(Buffer.alloc(0), Buffer.alloc(hashBytes))
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes)
      return written(salt, await derive(password, salt, cost))
    },
    async matches(password, stored) {
      const [, log2N, r, p, salt = '', hash = ''] = (stored ?? nobodys).split('$')
      const then = { log2N: Number(log2N), r: Number(r), p: Number(p) }
      const given = await derive(password, Buffer.from(salt, 'base64'), then)
      return timingSafeEqual(given, Buffer.from(hash, 'base64')) && stored !== null
    },
  }
}

async function derive(password: string, salt: Buffer, { log2N, r, p }: PasswordCost): Promise<Buffer> {
  if (atOnce.size >= mostWaiting) {
    throw new Problem('rate_limited', 'Too many people are signing in at once.', { headers: { 'Retry-After': '5' } })
  }
  const N = 2 ** log2N
  // The same letters typed on another keyboard are the same password (NIST SP 800-63B, "NFKC or NFKD").
  return atOnce.add(() => scrypt(password.normalize('NFKC'), salt, hashBytes, { N, r, p, maxmem: 256 * N * r }))
}
