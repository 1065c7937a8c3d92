import { createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { createServer } from '@asyncv/server'
import { afterAll, expect, test } from 'vitest'
import { exchange } from '../../../server/src/security/wire.fixture.ts'
import { openImpostor } from '../runtime.fixture.ts'
import { leastFor } from '../runtimes/passable.ts'
import { reaches, roles } from '../schemas/role.ts'
import { openService } from './service.fixture.ts'

const service = await openService()
/** Whatever comes to a runtime is seen here. */
const runtime = await openImpostor(200, { 'content-type': 'application/json' }, '{}')
const key = `avk_studio_${'k'.repeat(43)}`
const { body: connected } = await service.admin.ask('POST', '/api/runtimes', {
  name: 'watched',
  url: runtime.url,
  managementUrl: `${runtime.url}/management`,
  key,
})
const base = `/api/runtimes/${connected.id}`
const asyncv = createAsyncv({ storage: sqlite(':memory:'), agents: [{ name: 'assistant', model: 'offline/demo' }] })
/** Every route that a runtime has, as its own server has them. */
const routes = createServer(asyncv)
  .routes()
  .map(({ method, path }) => ({ method, path }))
afterAll(() => Promise.all([service.close(), runtime.close()]))

const placed = (path: string) => path.replaceAll(/\{\w+\}/g, 'one')
const seen = () => runtime.asked.splice(0).map(({ path }) => path)

test('there are routes of both listeners to look at', () => {
  expect(routes.length).toBeGreaterThan(60)
  expect(routes.filter(({ path }) => path.startsWith('/admin/v1/')).length).toBeGreaterThan(20)
})

test.each(routes)('$method $path goes no further than its role', async ({ method, path }) => {
  const least = leastFor(method, placed(path))
  for (const role of roles) {
    const browser = await service.as(role)
    const body = method === 'GET' || method === 'DELETE' ? undefined : {}
    const answer = await browser.ask(method, base + placed(path), body)
    if (least === null) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(seen()).toEqual([])
    } else if (reaches(role, least)) {
      expect({ role, status: answer.status }).toEqual({ role, status: 200 })
      expect(seen()).toEqual([path.startsWith('/admin/') ? `/management${placed(path)}` : placed(path)])
    } else {
      expect({ role, status: answer.status, code: answer.body.code }).toEqual({ role, status: 403, code: 'forbidden' })
      expect(seen()).toEqual([])
    }
  }
})

test('a viewer reads, and an editor changes nothing of a runtime', () => {
  for (const { method, path } of routes) {
    const least = leastFor(method, placed(path))
    if (least === 'viewer') expect(`${method} ${path}`).toMatch(/^GET /)
    if (least === 'editor') expect(`${method} ${path}`).toMatch(/^GET |messages$|files$|check$|preview$/)
  }
})

test.each(['release', 'trust', 'keys'])(
  'what decides on who may publish, %s, is for no one below an administrator',
  (word) => {
    for (const { method, path } of routes.filter((one) => one.path.includes(word) && one.method !== 'GET')) {
      if (path.endsWith('/release/check')) continue
      expect(['admin', null], `${method} ${path}`).toContain(leastFor(method, placed(path)))
    }
    expect(leastFor('PUT', '/admin/v1/release')).toBeNull()
  },
)

const cookie = `asyncv_studio=${(await service.as('admin')).cookies.get('asyncv_studio')}`
/** As bytes, since a client would tidy the path up. */
async function raw(target: string, method = 'GET', heads: string[] = [], body = '') {
  const own = [`Host: 127.0.0.1:${service.port}`, `Origin: ${service.url}`, `Cookie: ${cookie}`, 'Connection: close']
  const text = [`${method} ${target} HTTP/1.1`, ...own, ...heads].join('\r\n')
  const { answers } = await exchange(service.port, `${text}\r\n\r\n${body}`, 2_000)
  return answers[0]?.status ?? 0
}

test.each([
  '/v1/../admin/v1/release',
  '/v1/agents/../../admin/v1/keys',
  '/v1/agents/..',
  '/v1/agents/%2e%2e',
  '/v1/agents/.%2e/tasks',
  '/v1/agents/%2e',
  '/v1/agents/..%2f..%2fadmin',
  '/v1/agents/a%2fmessages',
  '/v1/agents/a%5cmessages',
  '/v1/agents/a\\messages\\b',
  '/v1//agents',
  '//v1/agents',
  '/v1/agents/',
  '/v1/agents//',
  '/V1/agents',
  '/v1/agents;x=1',
  '/v1/agents%00',
  '/v1/agents%3fx',
  '/v1/agents%23',
  '/v1/%61gents',
  '/v1/agents%20HTTP/1.1%0d%0aHost:%20evil',
  '/v1/@evil.example/',
  '/admin/v1/../../v1/agents/x/../../../metrics',
])('%s leads to nothing that is not on the list', async (path) => {
  const status = await raw(base + path)
  const reached = seen()
  // What is tidied up to a route that may be passed on is that route.
  for (const one of reached)
    expect(
      leastFor(
        'GET',
        one
          ?.toString()
          .replace(/^\/management/, '')
          .split('?')[0] ?? '',
      ),
    ).not.toBeNull()
  if (reached.length === 0) expect(status).toBeGreaterThanOrEqual(400)
})

test.each([
  ['the address of another runtime', 'http://evil.example/v1/agents'],
  ['an id that is written in escapes', `/api/runtimes/%30${String(connected.id).slice(1)}/v1/agents`],
  ['an id with a step up', '/api/runtimes/../runtimes/x/v1/agents'],
  ['an id of a prototype', '/api/runtimes/__proto__/v1/agents'],
])('%s passes nothing on that was not asked for', async (_, target) => {
  await raw(target)
  for (const one of seen()) expect(one).toBe('/v1/agents')
})

test.each([
  ['a line in a head', ['Accept: a\r\n b']],
  ['a new line alone', ['Accept: a\nX-Evil: b']],
  ['characters beyond ASCII', ['Accept: \u00e9\u00ff']],
  ['a key of its own', ['Authorization: Bearer avk_mine_x']],
  ['a length twice', ['Content-Length: 0', 'Content-Length: 5']],
  ['a hop of its own', ['Connection: close, x-asyncv-session', 'X-Asyncv-Session: one']],
  ['an address of its own', ['X-Forwarded-For: 1.2.3.4', 'Forwarded: for=1.2.3.4', 'X-Forwarded-Host: evil.example']],
])('%s puts nothing into what the runtime hears', async (_, heads) => {
  await raw(`${base}/v1/agents`, 'GET', heads)
  for (const asked of runtime.asked.splice(0)) {
    expect(asked['authorization']).toBe(`Bearer ${key}`)
    for (const name of ['x-evil', 'x-forwarded-for', 'forwarded', 'x-forwarded-host', 'cookie', 'origin'])
      expect(asked).not.toHaveProperty(name)
  }
})

test('a body under a GET begins no second request at the runtime', async () => {
  const second = 'GET /admin/v1/keys HTTP/1.1\r\nHost: x\r\n\r\n'
  await raw(`${base}/v1/agents`, 'GET', [`Content-Length: ${second.length}`], second)
  await raw(
    `${base}/v1/tasks`,
    'GET',
    ['Transfer-Encoding: chunked'],
    `${second.length.toString(16)}\r\n${second}\r\n0\r\n\r\n`,
  )
  await raw(`${base}/v1/files/one`, 'DELETE', [`Content-Length: ${second.length}`], second)
  expect(new Set(seen())).toEqual(new Set(['/v1/agents', '/v1/tasks', '/v1/files/one']))
})
