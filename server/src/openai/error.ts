import type { Problem, ProblemDocument } from '../problem.ts'

/** A problem in the shape of OpenAI's errors (platform.openai.com/docs/guides/error-codes). */
export function toOpenaiError({ detail, hint, code, status, errors }: ProblemDocument): { error: object } {
  const message = hint === undefined ? detail : `${detail} ${hint}`
  return { error: { message, type: typeOf(status), param: errors?.[0]?.pointer ?? null, code } }
}

export function openaiProblem(problem: Problem, document: ProblemDocument): Response {
  return Response.json(toOpenaiError(document), {
    status: problem.status,
    headers: {
      'Cache-Control': 'no-store',
      'X-Request-Id': document.requestId,
      // The official clients try again by the status. A task that failed was tried again inside; once more would be a
      // second task.
      ...(document.task === undefined ? {} : { 'X-Should-Retry': 'false' }),
      ...problem.more.headers,
    },
  })
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 404) return 'not_found_error'
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}
