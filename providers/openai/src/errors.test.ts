import { expect, test } from 'vitest'
import { networkFailure, refusal } from './errors.ts'
import { redactor } from './redact.ts'

const key = 'sk-proj-abcdef123456'
const service = { name: 'api.test', redact: redactor([key]) }
const openaiError = (message: string, code: string | null, type = 'invalid_request_error') =>
  JSON.stringify({ error: { message, type, param: null, code } })
const now = Date.parse('2026-01-01T00:00:00Z')

test.each([
  [
    429,
    { 'retry-after': '3' },
    openaiError('Slow down', 'rate_limit_exceeded'),
    { code: 'provider_limited', retryable: true, retryAfterMs: 3_000 },
  ],
  [429, { 'retry-after-ms': '120', 'retry-after': '1' }, '', { code: 'provider_limited', retryAfterMs: 120 }],
  [429, { 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' }, '', { code: 'provider_limited', retryAfterMs: 5_000 }],
  [429, { 'retry-after': 'Thu, 01 Jan 1970 00:00:05 GMT' }, '', { code: 'provider_limited', retryAfterMs: 0 }],
  [429, { 'retry-after': '2.5' }, '', { retryAfterMs: 2_500 }],
  [
    429,
    {},
    openaiError('No money', 'insufficient_quota', 'insufficient_quota'),
    { code: 'provider_quota', retryable: false },
  ],
  [429, {}, openaiError('No money', null, 'insufficient_quota'), { code: 'provider_quota', retryable: false }],
  [429, {}, openaiError('Limit', 'billing_hard_limit_reached'), { code: 'provider_quota', retryable: false }],
  [402, {}, '{"error":"Insufficient balance"}', { code: 'provider_quota', retryable: false }],
  [
    401,
    {},
    openaiError('Who?', 'invalid_api_key'),
    { code: 'provider_denied', retryable: false, hint: expect.stringContaining('apiKey') },
  ],
  [403, {}, '', { code: 'provider_denied', retryable: false, hint: expect.any(String) }],
  [
    400,
    {},
    openaiError('No such parameter', null),
    { code: 'provider_refused', retryable: false, message: 'api.test answered 400: No such parameter' },
  ],
  [
    404,
    {},
    openaiError('The model `x` does not exist', 'model_not_found'),
    { code: 'provider_refused', hint: expect.stringContaining('baseURL') },
  ],
  [
    422,
    {},
    '{"detail":"Unprocessable"}',
    { code: 'provider_refused', message: 'api.test answered 422: Unprocessable' },
  ],
  [400, {}, '[{"error":{"message":"In a list"}}]', { message: 'api.test answered 400: In a list' }],
  [307, {}, '', { code: 'provider_refused', hint: expect.stringContaining('baseURL') }],
  [408, {}, '', { code: 'provider_timeout', retryable: true }],
  [500, {}, openaiError('Oops', null, 'server_error'), { code: 'provider_unavailable', retryable: true, status: 500 }],
  [503, { 'retry-after': '1' }, '', { code: 'provider_unavailable', retryAfterMs: 1_000 }],
  [
    502,
    {},
    '<html><title>Bad gateway</title></html>',
    { code: 'provider_unavailable', message: 'api.test answered 502' },
  ],
])('takes %i %j %s for what it means', (status, headers, body, expected) => {
  expect(refusal(service, status, headers, body, now)).toMatchObject(expected)
})

test('says no wait when the header says none that can be read', () => {
  expect(refusal(service, 429, { 'retry-after': 'soon' }, '', now)).not.toHaveProperty('retryAfterMs')
})

test('never passes on the key, nor what looks like one', () => {
  const { message } = refusal(service, 401, {}, openaiError(`Wrong key ${key}, not sk-ab***yz, Bearer xyz.`, null), now)
  expect(message).toBe('api.test answered 401: Wrong key [secret], not [secret], [secret]')
})

test('bounds what a service says', () => {
  expect(refusal(service, 400, {}, 'x'.repeat(10_000), now).message.length).toBeLessThan(600)
})

test.each([
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'provider_unavailable', 'running'],
  [Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), 'provider_unavailable', 'baseURL'],
  [
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
    'provider_unavailable',
    'running',
  ],
  [new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]), 'provider_unavailable', 'running'],
  [Object.assign(new Error('Connect Timeout Error'), { code: 'UND_ERR_CONNECT_TIMEOUT' }), 'provider_timeout', ''],
])('takes %s for a failure of the network', (failure, code, hint) => {
  const error = networkFailure(service, failure)
  expect(error).toMatchObject({ code, retryable: true })
  expect(error.hint ?? '').toContain(hint)
})
