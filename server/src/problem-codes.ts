import { type ErrorCode, errorCodes } from 'asyncv'

/** Codes of what is wrong with a request before the core sees it, with the sentence that explains each. */
const requestCodes = {
  request_malformed: 'The request is not HTTP that this service can read.',
  body_malformed: 'The body is not JSON that can be read.',
  body_too_large: 'The body is larger than this service takes.',
  type_unsupported: 'The body is in a form that this route does not take.',
  key_missing: 'The request says not who sends it.',
  key_invalid: 'The key is unknown, revoked or expired.',
  scope_missing: 'The key is not good for this.',
  host_refused: 'This service does not answer for this host.',
  origin_refused: 'Pages of this origin may not call this service.',
  route_unknown: 'There is nothing at this path.',
  rate_limited: 'The key makes more requests than it may.',
  streams_full: 'As many streams are open as this service keeps.',
  method_refused: 'This path does not take this method.',
} as const

export type ProblemCode = ErrorCode | keyof typeof requestCodes

export const problemTitles: Readonly<Record<ProblemCode, string>> = { ...errorCodes, ...requestCodes }

/** What is neither the caller's doing nor the state of things is 500, which is a bug. */
export const problemStatuses: Readonly<Record<ProblemCode, number>> = {
  request_malformed: 400,
  body_malformed: 400,
  input_invalid: 400,
  key_missing: 401,
  key_invalid: 401,
  origin_refused: 403,
  scope_missing: 403,
  route_unknown: 404,
  agent_unknown: 404,
  connector_unknown: 404,
  task_unknown: 404,
  message_unknown: 404,
  session_unknown: 404,
  delivery_unknown: 404,
  key_unknown: 404,
  method_refused: 405,
  events_off: 409,
  state_conflict: 409,
  cancelled: 409,
  events_gone: 410,
  body_too_large: 413,
  type_unsupported: 415,
  host_refused: 421,
  idempotency_conflict: 422,
  overloaded: 429,
  rate_limited: 429,

  agent_gone: 502,
  instructions_failed: 502,
  task_poisonous: 502,
  connector_failed: 502,
  provider_unavailable: 502,
  provider_limited: 502,
  provider_quota: 502,
  provider_denied: 502,
  provider_refused: 502,
  provider_truncated: 502,
  not_running: 503,
  streams_full: 503,
  storage_failed: 503,
  storage_locked: 503,
  limit_reached: 504,
  provider_timeout: 504,
  reply_timeout: 504,

  config_invalid: 500,
  storage_unreadable: 500,
  storage_in_use: 500,
  storage_newer: 500,
  storage_changed: 500,
  storage_driver_missing: 500,
  internal: 500,
}
