import { createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { expect, test } from 'vitest'
import { listenersOf, operatorKey } from './listeners.fixture.ts'
import { problemOf } from './service.fixture.ts'

const asyncv = createAsyncv({ storage: sqlite(':memory:'), agents: [{ name: 'helper', model: 'offline/demo' }] })
const listeners = listenersOf(asyncv)

function ask(method: string, path: string, { key = operatorKey, body }: { key?: string; body?: unknown } = {}) {
  return fetch(`${listeners.management.url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

test('the operator makes, lists and revokes keys', async () => {
  const created = await ask('POST', '/admin/v1/keys', { body: { name: 'reports', space: 'sales', scopes: ['read'] } })
  expect(created.status).toBe(201)
  const { key, ...made } = (await created.json()) as { key: string; id: string }
  expect(await asyncv.keys.find(key)).toMatchObject({ name: 'reports', space: 'sales', scopes: ['read'] })
  expect(await (await ask('GET', '/admin/v1/keys')).json()).toEqual({ data: [made], nextCursor: null })
  expect(await (await ask('DELETE', `/admin/v1/keys/${made.id}`)).json()).toMatchObject({ id: made.id })
  expect(await asyncv.keys.find(key)).toBeNull()
  expect(await problemOf(await ask('DELETE', '/admin/v1/keys/nobody'))).toMatchObject({ code: 'key_unknown' })
})

test('says where a request for a key is wrong', async () => {
  const refused = await problemOf(await ask('POST', '/admin/v1/keys', { body: { name: 'a', scopes: ['admin'], x: 1 } }))
  expect(refused).toMatchObject({ status: 400, code: 'input_invalid' })
  expect((refused['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual(['/scopes/0', '/x'])
  expect(await problemOf(await ask('GET', '/admin/v1/keys?limit=x'))).toMatchObject({ code: 'input_invalid' })
})

test('nobody gets in without a key, and no page of elsewhere', async () => {
  expect(await problemOf(await fetch(`${listeners.management.url}/admin/v1/keys`))).toMatchObject({
    code: 'key_missing',
  })
  const page = await fetch(`${listeners.management.url}/admin/v1/keys`, {
    headers: { Authorization: `Bearer ${operatorKey}`, Origin: 'https://evil.example' },
  })
  expect(await problemOf(page)).toMatchObject({ code: 'origin_refused' })
})

test('its routes are not on the port for callers', async () => {
  const there = await fetch(`${listeners.runtime.url}/admin/v1/keys`, {
    headers: { Authorization: `Bearer ${operatorKey}` },
  })
  expect(await problemOf(there)).toMatchObject({ status: 404, code: 'route_unknown' })
})
