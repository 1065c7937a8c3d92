import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from 'asyncv'
import type { Context } from 'hono'
import { CallerLeft } from './caller-left.ts'
import { logProblem } from './log-problem.ts'
import { type Problem, type ProblemDocument, problemResponse, toDocument, toProblem } from './problem.ts'
import { requestId } from './request-id.ts'
import { traceOf } from './telemetry/request-spans.ts'
import { unmatched } from './unmatched.ts'

/** What a caller hears of a failure; the log has a line under the same request id. */
export type Describe = (error: unknown, c: Context, problem?: Problem) => ProblemDocument

/** Answers what goes wrong in an app, and what it has no route for, with problems. */
export function answerProblems(
  app: OpenAPIHono,
  logger: Logger,
  shape: (problem: Problem, document: ProblemDocument, c: Context) => Response = problemResponse,
): { describe: Describe } {
  app.notFound((c) => answer(unmatched(app, c.req), c))
  app.onError(answer)
  return { describe }

  function answer(error: unknown, c: Context): Response {
    // As nginx calls it; nobody hears it.
    if (error instanceof CallerLeft) return new Response(null, { status: 499 })
    const problem = toProblem(error)
    return shape(problem, describe(error, c, problem), c)
  }

  function describe(error: unknown, c: Context, problem: Problem = toProblem(error)): ProblemDocument {
    const document = toDocument(problem, requestId(c))
    const { method, path } = c.req
    const trace = traceOf(c)
    logProblem(logger, document, { method, path, ...(trace === null ? {} : { traceId: trace.traceId }) }, error)
    return document
  }
}
