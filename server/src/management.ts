import { OpenAPIHono } from '@hono/zod-openapi'
import type { Asyncv } from 'asyncv'
import { jsonBody } from './body.ts'
import { EventStreams } from './event-stream.ts'
import { guard } from './guard.ts'
import { dropHeadBody } from './head.ts'
import { openings } from './opened-by.ts'
import type { ResolvedServerOptions } from './options.ts'
import { answerProblems } from './problems.ts'
import { withRequestId } from './request-id.ts'
import { auditRoutes } from './routes/audit.ts'
import { drainRoutes } from './routes/drain.ts'
import { keyRoutes } from './routes/keys.ts'
import { logRoutes } from './routes/logs.ts'
import { partRoutes } from './routes/parts.ts'
import { releaseRoutes } from './routes/releases.ts'
import { secretRoutes } from './routes/secrets.ts'
import { trustRoutes } from './routes/trust.ts'
import { statusRoutes } from './routes/status.ts'
import { senders } from './sender.ts'
import { identifyManager } from './service/identify-manager.ts'
import { refuseInvalid } from './validation.ts'

export type ManagementOptions = Pick<
  ResolvedServerOptions,
  'maxBodyBytes' | 'operatorKey' | 'limits' | 'logger' | 'logs' | 'notReadyMs'
>

/**
 * The listener for those who manage the runtime: no page may call it, and nobody without the operator key or a key for
 * every space that has the scope of the route.
 */
export function createManagementApp(asyncv: Asyncv, options: ManagementOptions): OpenAPIHono {
  const { maxBodyBytes, operatorKey, limits, logger, logs, notReadyMs } = options
  const app = new OpenAPIHono({ defaultHook: refuseInvalid })
  const { middleware, identifyAgain, managerOf } = identifyManager(asyncv, { operatorKey, opens: () => opens })
  const body = jsonBody(maxBodyBytes, identifyAgain)
  app.use(withRequestId)
  app.use(dropHeadBody)
  app.use(guard({ allowedHosts: [], allowedOrigins: [], senderOf: senders([]) }))
  app.use(middleware)
  statusRoutes(app, asyncv)
  partRoutes(app, asyncv, managerOf)
  drainRoutes(app, asyncv.drain, { notReadyMs, managerOf })
  keyRoutes(app, { managerOf, body })
  auditRoutes(app, asyncv.audit)
  secretRoutes(app, asyncv.secrets, { managerOf, body })
  trustRoutes(app, asyncv.releases, { managerOf, body })
  const { describe } = answerProblems(app, logger)
  const streams = new EventStreams({ max: limits.streams, pingMs: limits.pingMs })
  releaseRoutes(app, asyncv.releases, { managerOf, body, streams, describe })
  logRoutes(app, { managerOf, logs, streams, describe })
  const opens = openings(app)
  return app
}
