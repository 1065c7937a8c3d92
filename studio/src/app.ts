import { Hono } from 'hono'
import { cookiesFor } from './http/cookies.ts'
import { answerPreflights, withCrossOriginHeaders } from './http/cross-origin.ts'
import { guard } from './http/guard.ts'
import { withSafeHeaders } from './http/headers.ts'
import { answerProblems } from './http/problems.ts'
import { withRequestId } from './http/request-id.ts'
import { webApp } from './http/web-app.ts'
import type { ResolvedStudioOptions } from './options.ts'
import type { StudioParts } from './parts.ts'
import { accountRoutes } from './routes/accounts.ts'
import { auditRoutes } from './routes/audit.ts'
import { eventRoutes } from './routes/events.ts'
import { passOnRoutes } from './routes/pass-on.ts'
import { configurationRoutes } from './routes/configuration.ts'
import { itemRoutes } from './routes/items.ts'
import { releaseRoutes } from './routes/releases.ts'
import { routeList } from './routes/route-list.ts'
import { createRouter } from './routes/router.ts'
import { runtimeRoutes } from './routes/runtimes.ts'
import { userRoutes } from './routes/users.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** Guard, routes, web app, problems. Each group of routes is a function that adds its own. */
export function createStudioApp(
  parts: StudioParts,
  {
    publicUrl,
    appOrigins,
    isProxy,
    logger,
    app: folder,
  }: Pick<ResolvedStudioOptions, 'publicUrl' | 'appOrigins' | 'isProxy' | 'logger' | 'app'>,
): Hono {
  const app = new Hono()
  app.use(withRequestId)
  app.use(withSafeHeaders)
  // Without a host that was named, nothing here says a word to other origins.
  if (appOrigins.length > 0) app.use(withCrossOriginHeaders)
  app.use(guard(publicUrl, appOrigins))
  if (appOrigins.length > 0) app.use(answerPreflights)
  answerProblems(app, logger)
  const cookies = cookiesFor(publicUrl)
  const routes = createRouter(app, parts.sessions, cookies)
  accountRoutes(routes, { ...parts, cookies, isProxy })
  userRoutes(routes, parts.users, { publicUrl, appOrigins })
  itemRoutes(routes, parts.items, parts.itemPorts)
  configurationRoutes(routes, parts.itemPorts)
  releaseRoutes(routes, parts.releases)
  webhookRoutes(routes, parts.webhooks)
  eventRoutes(routes, parts)
  auditRoutes(routes, parts.audit)
  runtimeRoutes(routes, parts)
  passOnRoutes(routes, parts)
  webApp(app, folder)
  // A route that was forgotten there is found before anybody can use it.
  routeList(app)
  return app
}
