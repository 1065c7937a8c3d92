import type { Hono } from 'hono'
import type { z } from 'zod'
import type { Accounts } from '../accounts/accounts.ts'
import type { firstRunState } from '../schemas/first-run.ts'

export function firstRunRoutes(app: Hono, accounts: Accounts): void {
  app.get('/api/first-run', async (c) =>
    c.json({ open: !(await accounts.exist()) } satisfies z.infer<typeof firstRunState>),
  )
}
