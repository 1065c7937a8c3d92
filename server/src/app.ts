import { OpenAPIHono } from '@hono/zod-openapi'
import { type Asyncv, type Logger, toErrorRecord } from 'asyncv'
import { jsonBody } from './body.ts'
import { guard } from './guard.ts'
import { Problem, problemResponse, toProblem } from './problem.ts'
import { healthRoutes } from './routes/health.ts'
import { messageRoutes } from './routes/messages.ts'
import { metricsRoute } from './routes/metrics.ts'
import { taskRoutes } from './routes/tasks.ts'

export interface AppOptions {
  allowedHosts: readonly string[]
  allowedOrigins: readonly string[]
  maxBodyBytes: number
  logger: Logger
}

/** The runtime listener: guard, body, routes, problems. Each group of routes is a function that adds its own. */
export function createRuntimeApp(asyncv: Asyncv, options: AppOptions): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook(result) {
      if (result.success) return
      const errors = result.error.issues.map(({ path, message }) => ({
        pointer: path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
        detail: message,
      }))
      const first = errors[0]
      throw new Problem(400, 'input_invalid', `${first?.pointer || 'The request'}: ${first?.detail ?? 'invalid'}`, {
        errors,
      })
    },
  })
  app.use(guard(options))
  app.use(jsonBody(options))
  messageRoutes(app, asyncv)
  taskRoutes(app, asyncv)
  healthRoutes(app, asyncv)
  metricsRoute(app, asyncv)
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'asyncv runtime', version: '0.1.0' } })
  app.notFound((c) => problemResponse(missing(app, c.req.method, c.req.path)))
  app.onError((error, c) => {
    const problem = toProblem(error)
    if (problem.status === 500) {
      const { method, path } = c.req
      options.logger.error({ method, path, error: toErrorRecord(error), stack: error.stack }, 'a request failed')
    }
    return problemResponse(problem)
  })
  return app
}

/** No such path, or a path that takes other methods. */
function missing(app: OpenAPIHono, method: string, path: string): Problem {
  const segments = path.split('/')
  const methods = app.routes
    .filter((route) => route.method !== 'ALL' && matches(route.path.split('/'), segments))
    .map((route) => route.method)
  if (methods.length === 0) {
    return new Problem(404, 'route_unknown', `There is no ${path} here.`, {
      hint: 'See /openapi.json for what there is.',
    })
  }
  const allowed = [...new Set(methods)].join(', ')
  return new Problem(405, 'method_refused', `${path} does not take ${method}.`, {
    hint: `It takes ${allowed}.`,
    headers: { Allow: allowed },
  })
}

function matches(pattern: string[], segments: string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => part.startsWith(':') || part === segments[index])
  )
}
