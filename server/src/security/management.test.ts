import { createAsyncv, everySpace, type Scope, scopes } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { fakeConnector } from 'asyncv/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operatorKey } from '../listeners.fixture.ts'
import type { Listening } from '../listen.ts'
import { LogBook } from '../logs/log-book.ts'
import { createServer, type Server } from '../server.ts'
import { problemOf } from '../service.fixture.ts'

/** Written out once more, so that nothing is opened by the way. */
const opens: Record<string, readonly Scope[] | 'operator'> = {
  'GET /admin/v1/status': ['configure', 'operate'],
  'GET /admin/v1/types': ['configure', 'operate'],
  'GET /admin/v1/routes': ['configure', 'operate'],
  'POST /admin/v1/connectors/{name}/start': ['operate'],
  'POST /admin/v1/connectors/{name}/stop': ['operate'],
  'POST /admin/v1/connectors/{name}/test': ['operate'],
  'POST /admin/v1/providers/{name}/test': ['operate'],
  'POST /admin/v1/drain': ['operate'],
  'GET /admin/v1/drain': ['operate'],
  'DELETE /admin/v1/drain': ['operate'],
  'GET /admin/v1/keys': ['configure'],
  'POST /admin/v1/keys': ['configure'],
  'DELETE /admin/v1/keys/{id}': ['configure'],
  'GET /admin/v1/audit': ['operate'],
  'GET /admin/v1/audit/verify': ['operate'],
  'GET /admin/v1/secrets': ['configure'],
  'GET /admin/v1/secrets/{name}': ['configure'],
  'PUT /admin/v1/secrets/{name}': ['configure'],
  'DELETE /admin/v1/secrets/{name}': ['configure'],
  'POST /admin/v1/trust/changes': 'operator',
  'GET /admin/v1/release': ['configure'],
  'PUT /admin/v1/release': ['configure'],
  'GET /admin/v1/releases': ['configure'],
  'GET /admin/v1/releases/{revision}': ['configure'],
  'POST /admin/v1/release/check': ['configure'],
  'POST /admin/v1/preview': ['configure'],
  'GET /admin/v1/logs': ['operate'],
}

const asyncv = createAsyncv({
  storage: sqlite(':memory:'),
  agents: [{ name: 'helper', model: 'offline/demo' }],
  connectors: { chat: fakeConnector() },
  routes: [{ connector: 'chat', agent: 'helper' }],
})
const logs = new LogBook()
let server: Server
let listening: Listening

beforeAll(async () => {
  await asyncv.start()
  server = createServer(asyncv, { operatorKey, logs })
  listening = await server.management.listen(0)
})
afterAll(async () => {
  await listening.close({ graceMs: 0 })
  await asyncv.stop({ drainMs: 0 })
})

interface Asked {
  key: string
  body?: object
  accept?: string
}

function ask(route: string, { key, body = {}, accept }: Asked): Promise<Response> {
  const [method = '', path = ''] = route.split(' ')
  return fetch(listening.url + path.replace('{revision}', '1').replaceAll(/\{\w+\}/g, 'nothing'), {
    method,
    headers: {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      ...(accept === undefined ? {} : { Accept: accept }),
    },
    ...(['POST', 'PUT'].includes(method) ? { body: JSON.stringify(body) } : {}),
  })
}

const whole = async (...wanted: Scope[]) =>
  asyncv.keys.create({ name: wanted.join('-'), scopes: wanted, space: everySpace })

describe('who may do what', () => {
  test('every route of management says what opens it, and says what is expected', () => {
    const there = server.routes().filter(({ listener }) => listener === 'management')
    expect(Object.fromEntries(there.map(({ method, path, needs }) => [`${method} ${path}`, needs]))).toEqual(opens)
  })

  test.each(scopes)('a key for every space with %s opens the routes of that scope, and no other', async (scope) => {
    const { key } = await whole(scope)
    for (const [route, needs] of Object.entries(opens)) {
      const answer = await ask(route, { key })
      const isOpen = needs !== 'operator' && needs.includes(scope)
      if (isOpen) expect([401, 403], route).not.toContain(answer.status)
      else expect(await problemOf(answer), route).toMatchObject({ status: 403, code: 'scope_missing' })
    }
  })

  test('the operator key opens all of them', async () => {
    for (const route of Object.keys(opens)) {
      expect([401, 403], route).not.toContain((await ask(route, { key: operatorKey })).status)
    }
  })

  test.each([
    ['of the default space', {}],
    ['of another space', { space: 'sales' }],
    ['for some agents', { space: everySpace, agents: ['helper'] }],
  ])('a key %s sees nothing of it, whatever its scopes', async (_, limits) => {
    const { key } = await asyncv.keys.create({ name: 'limited', scopes, ...limits })
    for (const route of [...Object.keys(opens), 'GET /admin/v1/nowhere', 'HEAD /admin/v1/keys']) {
      expect((await ask(route, { key })).status, route).toBe(403)
    }
  })

  test.each(['revoked', 'expired'])('a key that is %s opens nothing', async (end) => {
    const expiresAt = end === 'expired' ? { expiresAt: Date.now() + 1 } : {}
    const { key, id } = await asyncv.keys.create({ name: 'gone', scopes, space: everySpace, ...expiresAt })
    if (end === 'revoked') await asyncv.keys.revoke(id)
    await expect.poll(() => asyncv.keys.inForce(id)).toBe(false)
    for (const route of Object.keys(opens)) expect((await ask(route, { key })).status, route).toBe(401)
  })

  test.each(['/admin/v1/keys/', '//admin/v1/keys', '/admin/v1/%6Beys', '/admin/v1/KEYS', '/admin/v1/./keys?x=/audit'])(
    'another way to write a path opens nothing: %s',
    async (path) => {
      const { key } = await whole('operate')
      for (const method of ['GET', 'HEAD']) expect((await ask(`${method} ${path}`, { key })).status).not.toBe(200)
    },
  )
})

describe('who is refused', () => {
  test('hears which scope is missing, and how a key with it is made', async () => {
    const { key } = await whole('configure')
    expect(await problemOf(await ask('GET /admin/v1/logs', { key }))).toMatchObject({
      detail: 'This needs the scope operate.',
      hint: "Make a key on the host of the runtime: asyncv keys create NAME --scopes operate --space '*'",
    })
  })

  test('hears what the operator key alone opens, and that no scope does', async () => {
    const { key } = await whole(...scopes)
    const { detail, hint } = await problemOf(await ask('POST /admin/v1/trust/changes', { key }))
    expect([detail, hint]).toEqual([
      'This is for the operator key alone.',
      'The commands on the host of the runtime use it; it lies beside the database.',
    ])
  })

  test('hears that a key of one space is none for a whole runtime', async () => {
    const { key } = await asyncv.keys.create({ name: 'sales', scopes, space: 'sales' })
    expect(await problemOf(await ask('GET /admin/v1/releases', { key }))).toMatchObject({
      detail: 'This key is for the space "sales", and management is of the whole runtime.',
      hint: expect.stringContaining("--scopes configure --space '*'"),
    })
  })
})

describe('keys that make keys', () => {
  const refusal = { status: 403, code: 'scope_missing' }
  const make = (key: string, body: object): Promise<Response> => ask('POST /admin/v1/keys', { key, body })

  test('make one of one space with scopes of their own, in their own name', async () => {
    const { key, id } = await whole('configure', 'read')
    const made = await make(key, { name: 'reports', scopes: ['read'], space: 'sales' })
    expect(made.status).toBe(201)
    const { id: target } = (await made.json()) as { id: string }
    const [entry] = (await asyncv.audit.list({ action: 'key.created', actor: `key:${id}` })).data
    expect(entry).toMatchObject({ target, actor: { id: `key:${id}`, name: 'configure-read' } })
  })

  test.each([
    ['for every space', { scopes: ['read'], space: everySpace }],
    ['with a scope that they have not', { scopes: ['read', 'operate'] }],
    ['with the scopes of a key that asks for none', {}],
  ])('make none %s', async (_, body) => {
    const { key } = await whole('configure', 'read')
    expect(await problemOf(await make(key, { name: 'more', ...body }))).toMatchObject(refusal)
  })

  test('make none that outlives them', async () => {
    const expiresAt = Date.now() + 60_000
    const { key } = await asyncv.keys.create({ name: 'short', scopes, space: everySpace, expiresAt })
    expect(await problemOf(await make(key, { name: 'longer' }))).toMatchObject(refusal)
    expect(await problemOf(await make(key, { name: 'longer', expiresAt: expiresAt + 1 }))).toMatchObject(refusal)
    expect((await make(key, { name: 'as long', expiresAt })).status).toBe(201)
  })

  test('revoke those of one space and themselves, and no other for every space', async () => {
    const { key, id } = await whole('configure')
    const other = await whole('invoke')
    const sales = await asyncv.keys.create({ name: 'sales', space: 'sales' })
    const revoke = (one: string): Promise<Response> => ask(`DELETE /admin/v1/keys/${one}`, { key })
    expect(await problemOf(await revoke(other.id))).toMatchObject(refusal)
    expect(await problemOf(await revoke('nobody'))).toMatchObject({ code: 'key_unknown' })
    expect((await revoke(sales.id)).status).toBe(200)
    expect((await revoke(id)).status).toBe(200)
    expect([await asyncv.keys.inForce(other.id), await asyncv.keys.inForce(id)]).toEqual([true, false])
  })
})

test('what a key does is written down in its name', async () => {
  const { key, id } = await whole('operate')
  await ask('POST /admin/v1/connectors/chat/stop', { key })
  await ask('POST /admin/v1/connectors/chat/start', { key })
  const { data } = await asyncv.audit.list({ actor: `key:${id}`, order: 'oldest' })
  expect(data.map(({ action, target }) => [action, target])).toEqual([
    ['connector.stopped', 'chat'],
    ['connector.started', 'chat'],
  ])
})

test('an open tail of the log ends within a second of its key being revoked, and says why', async () => {
  const { key, id } = await whole('operate')
  const tail = await ask('GET /admin/v1/logs', { key, accept: 'text/event-stream' })
  expect(tail.status).toBe(200)
  const revokedAt = performance.now()
  await asyncv.keys.revoke(id)
  const text = await tail.text()
  expect(performance.now() - revokedAt).toBeLessThan(1_000)
  expect(text).toContain('event: error')
  expect(text).toContain('"code":"key_invalid"')
})
