import { AsyncvError, type ErrorCode, errorCodes } from 'asyncv'

/** What the service answers when it cannot do what was asked. */
export class Problem extends Error {
  override readonly name = 'Problem'
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly more: {
      hint?: string
      task?: string
      errors?: { pointer: string; detail: string }[]
      headers?: Record<string, string>
    } = {},
  ) {
    super(message)
  }
}

/** Codes whose cause is the request or the state of things; all others are 500, which is a bug. */
const statuses: Partial<Record<ErrorCode, number>> = {
  input_invalid: 400,
  config_invalid: 400,
  agent_unknown: 404,
  connector_unknown: 404,
  task_unknown: 404,
  message_unknown: 404,
  session_unknown: 404,
  delivery_unknown: 404,
  state_conflict: 409,
  cancelled: 409,
  idempotency_conflict: 422,
  overloaded: 429,
  agent_gone: 502,
  task_poisonous: 502,
  limit_reached: 504,
  provider_unavailable: 502,
  provider_limited: 502,
  provider_quota: 502,
  provider_denied: 502,
  provider_refused: 502,
  provider_truncated: 502,
  provider_timeout: 504,
  not_running: 503,
  storage_failed: 503,
  reply_timeout: 504,
}

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (!(error instanceof AsyncvError)) return new Problem(500, 'internal', 'This is a bug in asyncv; the log has more.')
  const { code, message, hint, task } = error
  const status = statuses[code] ?? 500
  const headers = status === 429 || status === 503 ? { 'Retry-After': '1' } : undefined
  return new Problem(status, code, status === 500 ? errorCodes[code] : message, {
    ...(hint === undefined ? {} : { hint }),
    ...(task === undefined ? {} : { task }),
    ...(headers === undefined ? {} : { headers }),
  })
}

export function problemBody({ status, code, message, more: { hint, task, errors } }: Problem): object {
  const title = code in errorCodes ? errorCodes[code as ErrorCode] : message
  return { type: `urn:asyncv:problem:${code}`, title, status, detail: message, code, hint, task, errors }
}

export function problemResponse(problem: Problem): Response {
  return new Response(JSON.stringify(problemBody(problem)), {
    status: problem.status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...problem.more.headers },
  })
}
