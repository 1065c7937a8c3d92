import type { Database } from '../database/open.ts'

export interface Accounts {
  /** Whether anybody has an account. */
  exist(): Promise<boolean>
}

export function createAccounts(db: Database): Accounts {
  return {
    async exist() {
      return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined
    },
  }
}
