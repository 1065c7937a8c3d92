import type { Context, Hono } from 'hono'
import { storageProblem } from '../database/failure.ts'
import type { Logger } from '../logger.ts'
import { Problem, problemResponse, toProblem } from './problem.ts'
import { statusOf } from './problem-codes.ts'
import { requestId } from './request-id.ts'

/** Answers what goes wrong in an app, and what it has no route for, with problems. */
export function answerProblems(app: Hono, logger: Logger): void {
  app.notFound((c) => answer(unmatched(app, c), c))
  app.onError(answer)

  function answer(error: unknown, c: Context): Response {
    const stuck = storageProblem(error)
    const problem = stuck ?? toProblem(error)
    const id = requestId(c.req.raw)
    const fields = { requestId: id, method: c.req.method, path: c.req.path, code: problem.code }
    if (problem.code === 'internal') logger.error({ ...fields, stack: (error as Error)?.stack }, 'a request failed')
    else if (stuck !== null) logger.error({ ...fields, reason: stuck.message }, 'the database refused')
    else logger.debug({ ...fields, status: statusOf(problem.code) }, 'a request was answered with a problem')
    return problemResponse(problem, id)
  }
}

/** Why no route took a request: there is no such path, or the path takes other methods. */
function unmatched({ routes }: Pick<Hono, 'routes'>, { req }: Context): Problem {
  const segments = req.path.split('/')
  const methods = routes
    .filter((route) => route.method !== 'ALL' && matches(route.path.split('/'), segments))
    .flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
  if (methods.length === 0) {
    return new Problem('route_unknown', `There is no ${req.path} here.`, { hint: 'The API of Studio is below /api.' })
  }
  const allowed = [...new Set(methods)].join(', ')
  return new Problem('method_refused', `${req.path} does not take ${req.method}.`, {
    hint: `It takes ${allowed}.`,
    headers: { Allow: allowed },
  })
}

function matches(pattern: string[], segments: string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
  )
}
