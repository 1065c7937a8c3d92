import { Hono } from 'hono'
import type { Accounts } from './accounts/accounts.ts'
import { guard } from './http/guard.ts'
import { withSafeHeaders } from './http/headers.ts'
import { answerProblems } from './http/problems.ts'
import { withRequestId } from './http/request-id.ts'
import type { ResolvedStudioOptions } from './options.ts'
import { firstRunRoutes } from './routes/first-run.ts'

/** What the routes stand on. */
export interface StudioParts {
  accounts: Accounts
}

/** Guard, routes, problems. Each group of routes is a function that adds its own. */
export function createStudioApp(
  { accounts }: StudioParts,
  { publicUrl, logger }: Pick<ResolvedStudioOptions, 'publicUrl' | 'logger'>,
): Hono {
  const app = new Hono()
  app.use(withRequestId)
  app.use(withSafeHeaders)
  app.use(guard(publicUrl))
  answerProblems(app, logger)
  firstRunRoutes(app, accounts)
  return app
}
