import { createAsyncv, createVault, newMasterKey } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { expect, test } from 'vitest'
import { listenersOf, operatorKey } from './listeners.fixture.ts'
import { problemOf } from './service.fixture.ts'

const value = 'sesame-canary-0815'
const vault = createVault({ key: newMasterKey() })
const agents = [{ name: 'helper', model: 'offline/demo' }]
const asyncv = createAsyncv({ storage: sqlite(':memory:'), agents, vault })
const listeners = listenersOf(asyncv)

function ask(method: string, path: string, { key = operatorKey, body }: { key?: string; body?: unknown } = {}) {
  return fetch(`${listeners.management.url}/admin/v1/secrets${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

test('secrets are set, told of and removed, and no answer has a value', async () => {
  const secret = vault.secret('MODEL_KEY')
  const put = await ask('PUT', '/MODEL_KEY', { body: { value, origins: ['https://a.example'] } })
  const said = [await put.text()]
  const info = { name: 'MODEL_KEY', version: 1, origins: ['https://a.example'], keyId: vault.keyId }
  expect(JSON.parse(said[0] ?? '')).toMatchObject(info)
  expect(secret.reveal('https://a.example')).toBe(value)
  for (const path of ['', '/MODEL_KEY']) said.push(await (await ask('GET', path)).text())
  expect(JSON.parse(said[1] ?? '')).toMatchObject({ data: [info] })
  expect(JSON.parse(said[2] ?? '')).toMatchObject(info)
  const removed = await ask('DELETE', '/MODEL_KEY')
  expect(removed.status).toBe(200)
  said.push(await removed.text())
  expect(said.join('\n')).not.toContain(value)
  expect(await problemOf(await ask('GET', '/MODEL_KEY'))).toMatchObject({ status: 404, code: 'secret_unknown' })
  expect(await problemOf(await ask('DELETE', '/MODEL_KEY'))).toMatchObject({ status: 404, code: 'secret_unknown' })
})

test.each([
  ['a value that is none', '/K', { value: '' }],
  ['a value that is an object', '/K', { value: { value } }],
  ['an unknown key', '/K', { value, vaule: value }],
  ['a name that cannot be', '/a%20b', { value }],
  ['an origin that is none', '/K', { value, origins: ['a.example'] }],
])('refuses %s, and quotes no value', async (_, path, body) => {
  const answer = await (await ask('PUT', path, { body })).text()
  expect(JSON.parse(answer)).toMatchObject({ status: 400, code: 'input_invalid' })
  expect(answer).not.toContain(value)
})

test('a body that is cut in the middle of a value is not quoted', async () => {
  const response = await fetch(`${listeners.management.url}/admin/v1/secrets/K`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${operatorKey}`, 'Content-Type': 'application/json' },
    body: `{"value": "${value}`,
  })
  const answer = await response.text()
  expect(JSON.parse(answer)).toMatchObject({ status: 400, code: 'body_malformed' })
  expect(answer).not.toContain(value)
})

test('a key of one space does not open it, and it is nowhere else', async () => {
  const { key } = await asyncv.keys.create({ name: 'all', scopes: ['invoke', 'read', 'operate', 'configure'] })
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const path = method === 'GET' ? '' : '/K'
    expect((await ask(method, path, { key, ...(method === 'PUT' ? { body: { value } } : {}) })).status, method).toBe(
      403,
    )
  }
  const there = await fetch(`${listeners.runtime.url}/admin/v1/secrets`, {
    headers: { Authorization: `Bearer ${operatorKey}` },
  })
  expect(await problemOf(there)).toMatchObject({ status: 404 })
})
