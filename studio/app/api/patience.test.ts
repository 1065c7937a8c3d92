import { expect, test } from 'vitest'
import { waitMsFor } from '../../src/runtimes/pass-on.ts'
import { patience } from './patience.ts'

test.each([
  ['GET', '/v1/agents', patience.read],
  ['GET', '/admin/v1/audit/verify?n=1', patience.verify],
  ['PUT', '/admin/v1/secrets/one', patience.deed],
  ['DELETE', '/admin/v1/keys/one', patience.deed],
])('a page waits longer than Studio waits for a runtime: %s %s', (method, path, ms) => {
  expect(ms).toBeGreaterThan(waitMsFor(method, path))
})

test('what may have been done is waited for at least a minute by both', () => {
  expect(waitMsFor('PUT', '/admin/v1/secrets/one')).toBeGreaterThanOrEqual(60_000)
  expect(waitMsFor('POST', '/admin/v1/connectors/one/start')).toBeGreaterThan(patience.connector)
  expect(patience.deed).toBeGreaterThan(60_000)
})
