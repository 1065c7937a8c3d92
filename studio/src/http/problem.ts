import type { problem as problemSchema } from 'asyncv/schemas'
import type { z } from 'zod'
import { type ProblemCode, statusOf, titleOf } from './problem-codes.ts'

export type ProblemDocument = z.infer<typeof problemSchema>

/** Why Studio does not do what was asked. */
export class Problem extends Error {
  override readonly name = 'Problem'
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly more: {
      hint?: string
      /** Where the body is wrong. */
      errors?: readonly { pointer: string; detail: string }[]
      headers?: Record<string, string>
      /** What a program needs to go on, such as the version that is there now. */
      extra?: Readonly<Record<string, unknown>>
    } = {},
  ) {
    super(detail)
  }
}

/** Any thrown value. What is a bug tells the caller nothing but that; the log has more. */
export function toProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', 'This is a bug in Studio; its log has more.')
}

/** RFC 9457, in the form in which the runtime answers, so that one reader reads both. */
export function toDocument({ code, message, more }: Problem, requestId: string): ProblemDocument {
  const { hint, errors, extra } = more
  return {
    ...extra,
    type: `urn:asyncv:problem:${code}`,
    title: titleOf(code),
    status: statusOf(code),
    detail: message,
    code,
    requestId,
    ...(hint === undefined ? {} : { hint }),
    ...(errors === undefined ? {} : { errors: [...errors] }),
  }
}

export function problemResponse(problem: Problem, requestId: string): Response {
  return new Response(JSON.stringify(toDocument(problem, requestId)), {
    status: statusOf(problem.code),
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'X-Request-Id': requestId,
      ...problem.more.headers,
    },
  })
}
