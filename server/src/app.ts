import { OpenAPIHono } from '@hono/zod-openapi'
import type { Asyncv, Logger } from 'asyncv'
import type { Context } from 'hono'
import { cors } from 'hono/cors'
import { jsonBody } from './body.ts'
import { guard } from './guard.ts'
import { logProblem } from './log-problem.ts'
import { type Problem, type ProblemDocument, problemResponse, toDocument, toProblem } from './problem.ts'
import { healthRoutes } from './routes/health.ts'
import { messageRoutes } from './routes/messages.ts'
import { metricsRoute } from './routes/metrics.ts'
import { taskRoutes } from './routes/tasks.ts'
import { unmatched } from './unmatched.ts'
import type { CallerOf } from './service/caller.ts'
import { refuseInvalid } from './validation.ts'
import { version } from './version.ts'

export interface AppOptions {
  allowedHosts: readonly string[]
  allowedOrigins: readonly string[]
  maxBodyBytes: number
  logger: Logger
}

/** The runtime listener: guard, routes, problems. Each group of routes is a function that adds its own. */
export function createRuntimeApp(asyncv: Asyncv, options: AppOptions): OpenAPIHono {
  const { allowedOrigins, maxBodyBytes, logger } = options
  const app = new OpenAPIHono({ defaultHook: refuseInvalid })
  app.use(guard(options))
  if (allowedOrigins.length > 0) app.use(shareWith(allowedOrigins))
  const callerOf: CallerOf = () => asyncv
  messageRoutes(app, { callerOf, body: jsonBody(maxBodyBytes), describe })
  taskRoutes(app, callerOf)
  healthRoutes(app, asyncv)
  metricsRoute(app, asyncv)
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'asyncv runtime', version } })
  app.notFound((c) => answer(unmatched(app, c.req), c))
  app.onError(answer)
  return app

  function answer(error: unknown, c: Context): Response {
    const problem = toProblem(error)
    return problemResponse(problem, describe(error, c, problem))
  }

  /** What the caller hears of a failure; the log has a line under the same request id. */
  function describe(error: unknown, c: Context, problem: Problem = toProblem(error)): ProblemDocument {
    const document = toDocument(problem)
    const { method, path } = c.req
    logProblem(logger, document, { method, path }, error)
    return document
  }
}

/** Lets the pages of other origins read what they are answered (Fetch standard, "CORS protocol"). */
function shareWith(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST'],
    allowHeaders: ['Content-Type', 'Idempotency-Key', 'Prefer'],
    exposeHeaders: ['Location', 'Preference-Applied', 'Retry-After', 'X-Request-Id'],
    maxAge: 600,
  })
}
