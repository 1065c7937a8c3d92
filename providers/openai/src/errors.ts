/** What a service or the network said, as a `ProviderError`. Pure. */
import type { AsyncvError, ProviderError } from 'asyncv'
import type { Redact } from './redact.ts'
import { type ResponseHeaders, retryAfterMs } from './retry-after.ts'
import type { Timeouts } from './options.ts'

/** Whose failure it is: the host, as people know it, and how its texts become fit to be shown. */
export interface Service {
  name: string
  redact: Redact
}

/** Longest text of a service that is passed on; an error page is no message. */
const longestMessage = 500

/** Codes and types that only money cures: OpenAI's, and Moonshot's. */
const quotaCode = /^insufficient_quota$|^billing_|^exceeded_current_quota/

/** A response whose status is not 2xx. */
export function refusal(
  { name, redact }: Service,
  status: number,
  headers: ResponseHeaders,
  body: string,
  now: number,
): ProviderError {
  const said = read(body)
  const words = said.message === '' ? '' : `: ${bounded(redact(said.message))}`
  const base = { message: `${name} answered ${status}${words}`, status }
  if (status === 402 || (status === 429 && quotaCode.test(said.code))) {
    return { code: 'provider_quota', ...base, hint: 'Look at the billing page of the service.', retryable: false }
  }
  if (status === 429) {
    const wait = retryAfterMs(headers, now)
    return { code: 'provider_limited', ...base, retryable: true, ...(wait === undefined ? {} : { retryAfterMs: wait }) }
  }
  if (status === 401 || status === 403) {
    return { code: 'provider_denied', ...base, hint: deniedHint[status], retryable: false }
  }
  if (status === 408) return { code: 'provider_timeout', ...base, retryable: true }
  if (status >= 500) {
    const wait = retryAfterMs(headers, now)
    return {
      code: 'provider_unavailable',
      ...base,
      retryable: true,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    }
  }
  const hint = refusedHint(status)
  return { code: 'provider_refused', ...base, retryable: false, ...(hint === undefined ? {} : { hint }) }
}

const deniedHint = {
  401: 'Check apiKey: it is missing, wrong or revoked.',
  403: 'The key is known but may not do this: check its project, the model’s access and the country.',
}

function refusedHint(status: number): string | undefined {
  if (status === 404) return 'Check the model’s name, and that baseURL ends where the service says (often /v1).'
  if (status >= 300 && status < 400) return 'The service has moved: set baseURL to its new address.'
  return undefined
}

/** A secret was not given out for this request: it is gone, cannot be read, or is bound to other origins. */
export function withheld({ redact }: Service, { message, hint }: AsyncvError): ProviderError {
  return {
    code: 'provider_denied',
    message: redact(message),
    retryable: false,
    ...(hint === undefined ? {} : { hint }),
  }
}

/** An error object that came with status 200: inside a stream, or as the whole body. */
export function errorInside(service: Service, error: unknown): ProviderError {
  const said = read(JSON.stringify({ error }))
  // Gateways put the status of the service behind them into `code`.
  const status = Number(said.code)
  if (Number.isInteger(status) && status >= 400 && status < 600) {
    return refusal(service, status, {}, JSON.stringify({ error }), 0)
  }
  const message = `${service.name} broke off: ${bounded(service.redact(said.message || 'it gave no reason'))}`
  if (quotaCode.test(said.code)) return { code: 'provider_quota', message, retryable: false }
  if (said.code.startsWith('rate_limit')) return { code: 'provider_limited', message, retryable: true }
  if (said.code === 'invalid_request_error') return { code: 'provider_refused', message, retryable: false }
  return { code: 'provider_unavailable', message, retryable: true }
}

/** The connection could not be made, or broke. */
export function networkFailure({ name, redact }: Service, failure: unknown): ProviderError {
  const { code, message } = deepest(failure)
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return { code: 'provider_timeout', message: `${name} did not accept a connection in time.`, retryable: true }
  }
  const told = bounded(redact(code === '' ? message : `${message} (${code})`))
  const error: ProviderError = { code: 'provider_unavailable', message: `${name}: ${told}`, retryable: true }
  if (code === 'ECONNREFUSED') error.hint = 'Nothing listens there: is the service running, is baseURL right?'
  if (code === 'ENOTFOUND') error.hint = 'The host is not known: check baseURL and the network.'
  return error
}

export type Deadline = Exclude<keyof Timeouts, 'connectMs'>

export function timeout({ name }: Service, which: Deadline, ms: number): ProviderError {
  return { code: 'provider_timeout', message: `${name} ${lateness[which]} ${ms} ms (${which}).`, retryable: true }
}

const lateness: Record<Deadline, string> = {
  firstByteMs: 'did not begin to answer within',
  gapMs: 'paused in its answer for more than',
  totalMs: 'did not finish its answer within',
}

export function truncated({ name }: Service): ProviderError {
  const message = `The stream of ${name} ended without a finish reason and without [DONE].`
  return { code: 'provider_truncated', message, retryable: true }
}

/** Bytes that are not the protocol: a captive portal, a wrong address, a broken gateway. */
export function unreadable({ name }: Service, what: string): ProviderError {
  const hint = 'If it stays so, check that baseURL is an address of the Chat Completions protocol.'
  return { code: 'provider_unavailable', message: `${name} sent ${what}.`, hint, retryable: true }
}

/** A request that cannot be made out of what was said: no string of JavaScript is as long as some files would be. */
export function unwritable({ name, redact }: Service, error: unknown): ProviderError {
  const { message } = deepest(error)
  return {
    code: 'provider_refused',
    message: `The request to ${name} cannot be written: ${bounded(redact(message))}`,
    hint: 'If it has files, send fewer or smaller ones at once.',
    retryable: false,
  }
}

interface Said {
  message: string
  code: string
}

/** The shapes of error bodies: `{error: {…}}`, `{error: "…"}`, `{message}`, `{detail}`, one of them in a list, text. */
function read(body: string): Said {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return { message: body.trimStart().startsWith('<') ? '' : body.trim(), code: '' }
  }
  const outer = fields(Array.isArray(json) ? json[0] : json)
  const inner = typeof outer['error'] === 'object' ? fields(outer['error']) : outer
  const message = [inner['message'], outer['error'], outer['detail']].find((text) => typeof text === 'string')
  const code = [inner['code'], inner['type']].find((code) => typeof code === 'string' || typeof code === 'number')
  return { message: typeof message === 'string' ? message : '', code: String(code ?? '') }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function bounded(text: string): string {
  return text.length <= longestMessage ? text : `${text.slice(0, longestMessage)}…`
}

/** `fetch` wraps what happened in a "fetch failed", and happy eyeballs wraps several failures in one. */
function deepest(failure: unknown): { code: string; message: string } {
  if (!(failure instanceof Error)) return { code: '', message: String(failure) }
  if (failure.cause instanceof Error) return deepest(failure.cause)
  const [first] = failure instanceof AggregateError ? failure.errors : []
  if (first instanceof Error) return deepest(first)
  const code = 'code' in failure && typeof failure.code === 'string' ? failure.code : ''
  return { code, message: failure.message }
}
