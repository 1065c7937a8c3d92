import { OpenAPIHono } from '@hono/zod-openapi'
import type { Asyncv } from 'asyncv'
import { jsonBody } from './body.ts'
import { EventStreams } from './event-stream.ts'
import { guard } from './guard.ts'
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
import { authenticator, invalid, missing } from './service/authenticator.ts'
import { operator } from './service/principal.ts'
import { refuseInvalid } from './validation.ts'

export type ManagementOptions = Pick<
  ResolvedServerOptions,
  'maxBodyBytes' | 'operatorKey' | 'limits' | 'logger' | 'logs' | 'notReadyMs'
>

/** The listener for those who manage the runtime: no page may call it, and nobody without the operator key. */
export function createManagementApp(asyncv: Asyncv, options: ManagementOptions): OpenAPIHono {
  const { maxBodyBytes, operatorKey, limits, logger, logs, notReadyMs } = options
  const app = new OpenAPIHono({ defaultHook: refuseInvalid })
  const authenticate = authenticator(asyncv, operatorKey)
  app.use(withRequestId)
  app.use(guard({ allowedHosts: [], allowedOrigins: [], senderOf: senders([]) }))
  app.use(async (c, next) => {
    const authorization = c.req.header('authorization')
    if (authorization === undefined) throw missing()
    if ((await authenticate(authorization)) !== operator) throw invalid()
    await next()
  })
  statusRoutes(app, asyncv)
  partRoutes(app, asyncv)
  drainRoutes(app, asyncv.drain, notReadyMs)
  keyRoutes(app, asyncv.keys, jsonBody(maxBodyBytes))
  auditRoutes(app, asyncv.audit)
  secretRoutes(app, asyncv.secrets, jsonBody(maxBodyBytes))
  trustRoutes(app, asyncv.releases, jsonBody(maxBodyBytes))
  const { describe } = answerProblems(app, logger)
  const streams = new EventStreams({ max: limits.streams, pingMs: limits.pingMs })
  releaseRoutes(app, asyncv.releases, { body: jsonBody(maxBodyBytes), streams, describe })
  logRoutes(app, { logs, streams, describe })
  return app
}
