import { AsyncvError } from 'asyncv'
import type { problem as problemSchema } from 'asyncv/schemas'
import { HTTPException } from 'hono/http-exception'
import type { z } from 'zod'
import { type ProblemCode, problemStatuses, problemTitles } from './problem-codes.ts'

export type ProblemDocument = z.infer<typeof problemSchema>

/** Why the service does not do what was asked. */
export class Problem extends Error {
  override readonly name = 'Problem'
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly more: {
      hint?: string | undefined
      task?: string | undefined
      /** Where the body is wrong. */
      errors?: readonly { pointer: string; detail: string }[]
      headers?: Record<string, string>
    } = {},
  ) {
    super(detail)
  }

  get status(): number {
    return problemStatuses[this.code]
  }
}

/** Any thrown value. What is a bug tells the caller nothing but that; the log has more. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof HTTPException) {
    return new Problem(error.status === 415 ? 'type_unsupported' : 'request_malformed', error.message)
  }
  if (!(error instanceof AsyncvError)) return new Problem('internal', bug)
  const { code, message, hint, task, problems } = error
  if (problemStatuses[code] === 500) return new Problem('internal', bug, { task })
  return new Problem(code, message, {
    hint,
    task,
    ...errorsOf(problems),
    ...(mayPass(code) ? { headers: { 'Retry-After': '1' } } : {}),
  })
}

function errorsOf(problems: AsyncvError['problems']): { errors?: NonNullable<AsyncvError['problems']> } {
  return problems === undefined ? {} : { errors: problems }
}

const bug = 'This is a bug in asyncv; its log has more.'

/** RFC 9110, section 10.2.3: after how many seconds it is worth another try. */
function mayPass(code: ProblemCode): boolean {
  return problemStatuses[code] === 429 || problemStatuses[code] === 503
}

/** RFC 9457. */
export function toDocument(problem: Problem, requestId: string): ProblemDocument {
  const { code, status, message } = problem
  const { hint, task, errors } = problem.more
  return {
    type: `urn:asyncv:problem:${code}`,
    title: problemTitles[code],
    status,
    detail: message,
    code,
    requestId,
    ...(hint === undefined ? {} : { hint }),
    ...(task === undefined ? {} : { task }),
    ...(errors === undefined ? {} : { errors: [...errors] }),
  }
}

export function problemResponse(problem: Problem, document: ProblemDocument): Response {
  return new Response(JSON.stringify(document), {
    status: problem.status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'X-Request-Id': document.requestId,
      ...problem.more.headers,
    },
  })
}
