import { OpenAPIHono } from '@hono/zod-openapi'
import type { Asyncv } from 'asyncv'
import type { Context } from 'hono'
import { cors } from 'hono/cors'
import { pathBelow } from './base-path.ts'
import { jsonBody } from './body.ts'
import { EventStreams } from './event-stream.ts'
import { guard } from './guard.ts'
import { dropHeadBody } from './head.ts'
import { mcpProblem, metadataRoutes } from './mcp/metadata.ts'
import { mcpPath, mcpRoute } from './mcp/route.ts'
import { chatRoute } from './openai/chat.ts'
import { openaiProblem } from './openai/error.ts'
import { modelRoutes } from './openai/models.ts'
import { responseRoutes } from './openai/responses.ts'
import type { ResolvedServerOptions } from './options.ts'
import { problemResponse } from './problem.ts'
import { answerProblems } from './problems.ts'
import { withRequestId } from './request-id.ts'
import type { RouteParts } from './route-parts.ts'
import { agentRoutes } from './routes/agents.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { eventRoutes } from './routes/events.ts'
import { docsRoutes } from './routes/docs.ts'
import { fileRoutes } from './routes/files.ts'
import { healthRoutes } from './routes/health.ts'
import { messageRoutes } from './routes/messages.ts'
import { metricsRoute } from './routes/metrics.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { statsRoute } from './routes/stats.ts'
import { taskRoutes } from './routes/tasks.ts'
import { webhookRoute } from './routes/webhooks.ts'
import { identify } from './service/identify.ts'
import { noteAccepted } from './telemetry/accepted.ts'
import { traceRequests } from './telemetry/request-spans.ts'
import { TaskSpans } from './telemetry/task-spans.ts'
import { refuseInvalid } from './validation.ts'

export interface RuntimeAppOptions extends ResolvedServerOptions {
  /** Whether it is about to stop. */
  isLeaving(): boolean
}

/** The runtime listener: guard, routes, problems. Each group of routes is a function that adds its own. */
export function createRuntimeApp(asyncv: Asyncv, options: RuntimeAppOptions): OpenAPIHono {
  const { allowedHosts, allowedOrigins, maxBodyBytes, operatorKey, publicUrl, basePath, senderOf, limits, logger } =
    options
  const taskSpans = new TaskSpans(asyncv)
  const { middleware, identifyAgain, callerOf } = identify(asyncv, {
    operatorKey,
    senderOf,
    requestsPerMinute: limits.requestsPerMinute,
    onAccepted: (c, accepted) => noteAccepted(c, accepted, { taskSpans, logger }),
  })
  const urlOf = (c: Context): string => {
    const { protocol, host } = senderOf(c)
    return publicUrl?.href.replace(/\/$/, '') ?? `${protocol}//${host}${basePath}`
  }
  const streams = new EventStreams({ max: limits.streams, pingMs: limits.pingMs })
  const app = new OpenAPIHono({ defaultHook: refuseInvalid, getPath: pathBelow(basePath) })
  app.use(withRequestId)
  app.use(traceRequests)
  app.use(dropHeadBody)
  app.use(
    guard({
      allowedOrigins,
      senderOf,
      allowedHosts: publicUrl === null ? allowedHosts : [...allowedHosts, publicUrl.host],
    }),
  )
  if (allowedOrigins.length > 0) app.use(shareWith(allowedOrigins))
  app.use(middleware)
  const { describe } = answerProblems(app, logger, (problem, document, c) => {
    if (c.req.path.startsWith('/openai/')) return openaiProblem(problem, document)
    if (c.req.path === mcpPath) return mcpProblem(problem, document, urlOf(c))
    return problemResponse(problem, document)
  })
  const parts: RouteParts = { callerOf, body: jsonBody(maxBodyBytes, identifyAgain), describe, streams, basePath }
  messageRoutes(app, parts)
  agentRoutes(app, callerOf)
  sessionRoutes(app, callerOf)
  taskRoutes(app, callerOf)
  modelRoutes(app, callerOf)
  chatRoute(app, parts)
  responseRoutes(app, parts)
  mcpRoute(app, parts)
  metadataRoutes(app, urlOf)
  deliveryRoutes(app, callerOf)
  fileRoutes(app, parts)
  eventRoutes(app, parts)
  webhookRoute(app, asyncv, maxBodyBytes)
  healthRoutes(app, asyncv, options.isLeaving)
  statsRoute(app, callerOf)
  metricsRoute(app, asyncv, callerOf)
  docsRoutes(app, basePath)
  return app
}

/** Lets the pages of other origins read what they are answered (Fetch standard, "CORS protocol"). */
function shareWith(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'Last-Event-ID',
      'Mcp-Method',
      'Mcp-Name',
      'Mcp-Protocol-Version',
      'Prefer',
      'X-Asyncv-Session',
      'X-Request-Id',
    ],
    exposeHeaders: [
      'Location',
      'Preference-Applied',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'X-Asyncv-Session',
      'X-Asyncv-Task',
      'X-Request-Id',
    ],
    maxAge: 600,
  })
}
