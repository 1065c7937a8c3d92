import type { Database } from '../database/open.ts'
import { isSameHash, newToken, tokenHash } from './token.ts'

/** The link that makes the first account. Its token is in memory only, as a hash: each start has a new one. */
export interface FirstRun {
  /** Whether there is no account yet. */
  isOpen(): Promise<boolean>
  /** Good until there is an account. */
  token: string
  isToken(given: string): boolean
}

export function createFirstRun(db: Database): FirstRun {
  const token = newToken()
  const hash = tokenHash(token)
  return {
    token,
    isToken: (given) => isSameHash(tokenHash(given), hash),
    async isOpen() {
      return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) === undefined
    },
  }
}
