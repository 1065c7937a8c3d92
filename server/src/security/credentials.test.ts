import { createHash } from 'node:crypto'
import { offline } from 'asyncv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openService, type Service } from '../service.fixture.ts'
import { exchange } from './wire.fixture.ts'

const operatorKey = `avk_operator_${'o'.repeat(43)}`

interface Route {
  method: string
  path: string
  /** What anybody may look at. */
  isOpen: boolean
}

const open = ['/livez', '/healthz', '/readyz', '/openapi.json']

let service: Service
let routes: Route[]
let managed: Route[]
let good: string
let others: { revoked: string; expired: string; scopeless: string; foreign: string; narrow: string; id: string }

beforeAll(async () => {
  service = await openService({ demo: offline() }, { events: { keepMs: 60_000 } }, { operatorKey })
  const { keys } = service.asyncv
  good = (await keys.create({ name: 'good', scopes: ['invoke', 'read', 'operate'] })).key
  const revoked = await keys.create({ name: 'revoked' })
  await keys.revoke(revoked.id)
  const expired = await keys.create({ name: 'expired', expiresAt: Date.now() + 1 })
  others = {
    revoked: revoked.key,
    expired: expired.key,
    scopeless: (await keys.create({ name: 'scopeless', scopes: ['configure'] })).key,
    foreign: (await keys.create({ name: 'foreign', space: 'other' })).key,
    narrow: (await keys.create({ name: 'narrow', agents: ['nobody'] })).key,
    id: good.split('_')[1] ?? '',
  }
  const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => route(method.toUpperCase(), path)),
  )
  for (const method of ['GET', 'POST', 'DELETE']) routes.push(route(method, '/mcp'))
  routes.push(route('GET', '/nowhere'), route('POST', '/v1/agents'))
  const inManagement = service.routes().filter(({ listener }) => listener === 'management')
  managed = inManagement.map(({ method, path }) => route(method, path))
})
afterAll(() => service.close())

function route(method: string, path: string): Route {
  return { method, path: path.replaceAll(/\{\w+\}/g, 'demo'), isOpen: open.includes(path) }
}

/** Forms of a credential, each as the header lines that carry it, and what the path ends with. None of them is good. */
function forms(): [name: string, headers: string[], query?: string][] {
  const [, id = '', secret = ''] = good.split('_')
  const otherId = others.foreign.split('_')[1]
  const bearer = (token: string): string[] => [`Authorization: Bearer ${token}`]
  return [
    ['none', []],
    ['an empty one', ['Authorization:']],
    ['a scheme alone', ['Authorization: Bearer']],
    ['a scheme and blanks', ['Authorization: Bearer     ']],
    ['the key without a scheme', [`Authorization: ${good}`]],
    ['Basic', [`Authorization: Basic ${Buffer.from(`x:${good}`).toString('base64')}`]],
    ['Basic with the key as it is', [`Authorization: Basic ${good}`]],
    ['Digest', [`Authorization: Digest username="${id}", response="${secret}"`]],
    ['Token', [`Authorization: Token ${good}`]],
    ['ApiKey', [`Authorization: ApiKey ${good}`]],
    ['BearerX', [`Authorization: BearerX ${good}`]],
    ['a scheme that runs into the key', [`Authorization: Bearer${good}`]],
    ['an equals sign for the blank', [`Authorization: Bearer=${good}`]],
    ['upper case', bearer(good.toUpperCase())],
    ['an upper-case prefix', bearer(good.replace('avk', 'AVK'))],
    ['one character less', bearer(good.slice(0, -1))],
    ['one character more', bearer(`${good}A`)],
    ['one character changed', bearer(`${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`)],
    [
      'the first character of the secret changed',
      bearer(`avk_${id}_${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`),
    ],
    ['the secret of another key', bearer(`avk_${otherId}_${secret}`)],
    ['the id alone', bearer(`avk_${id}`)],
    ['the id and a line', bearer(`avk_${id}_`)],
    ['the secret alone', bearer(secret)],
    ['what is stored of it', bearer(`avk_${id}_${createHash('sha256').update(good).digest('hex')}`)],
    ['the hash alone', bearer(createHash('sha256').update(good).digest('hex'))],
    ['it in Base64', bearer(Buffer.from(good).toString('base64'))],
    ['it with escapes', bearer(good.replaceAll('_', '%5F'))],
    ['it in quotes', bearer(`"${good}"`)],
    ['it twice', bearer(`${good} ${good}`)],
    ['it in a list', bearer(`x, Bearer ${good}`)],
    ['it with a comment behind it', bearer(`${good};x`)],
    ['two heads, the good one second', ['Authorization: Bearer x', `Authorization: Bearer ${good}`]],
    ['a head that is folded', ['Authorization: Bearer', ` ${good}x`]],
    ['a character that looks the same', bearer(Buffer.from(good.replace('a', 'а'), 'utf8').toString('latin1'))],
    ['a statement of SQL', bearer(`avk_${id}' or '1'='1_${secret}`)],
    ['JSON', bearer(`{"key":"${good}"}`)],
    ['a prototype', bearer(`avk___proto___${'x'.repeat(43)}`)],
    ['the prefix alone', bearer('avk_')],
    ['a long one', bearer(`avk_${'x'.repeat(8_000)}`)],
    ['one of 64 kB', bearer(`avk_${'x'.repeat(65_536)}`)],
    ['another header for it', [`X-Api-Key: ${good}`]],
    ['that of a proxy', [`Proxy-Authorization: Bearer ${good}`]],
    ['a cookie', [`Cookie: key=${good}; Authorization=Bearer ${good}; access_token=${good}`]],
    ['the query', [], `?key=${good}&access_token=${good}&api_key=${good}&authorization=Bearer%20${good}`],
    ['user and password of the address', [`Host: x:${good}@127.0.0.1`]],
    ['a revoked one', bearer(others.revoked)],
    ['an expired one', bearer(others.expired)],
  ]
}

/** Forms that are no HTTP, or more of it than is read, are refused before anybody asks who sent them. */
const unreadable: Record<string, number> = {
  'a head that is folded': 400,
  'one of 64 kB': 431,
  'user and password of the address': 400,
}
const refusalOf = (form: string): number => unreadable[form] ?? 401

async function statusOf(port: number, { method, path }: Route, headers: string[], query = ''): Promise<number> {
  const body = method === 'POST' ? '{"text":"hi"}' : ''
  const host = headers.some((line) => line.startsWith('Host:')) ? [] : ['Host: 127.0.0.1']
  const head = [
    `${method} ${path}${query} HTTP/1.1`,
    ...host,
    ...headers,
    ...(method === 'POST' ? ['Content-Type: application/json', `Content-Length: ${body.length}`] : []),
    'Accept: application/json, text/event-stream',
    'Connection: close',
  ]
  const { answers, closed } = await exchange(port, Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'), 2_000)
  expect(closed, `${method} ${path} is answered to its end`).toBe(true)
  return answers[0]?.status ?? 0
}

test('there are forty forms and more, and every route there is', () => {
  expect(forms().length).toBeGreaterThanOrEqual(40)
  expect(routes.length).toBeGreaterThan(35)
})

describe('on the port for callers', () => {
  test('no form of credential that is not a good key gets in anywhere', async () => {
    const port = Number(new URL(service.url).port)
    const got: Record<string, number> = {}
    for (const [name, headers, query] of forms()) {
      const statuses = await Promise.all(
        routes
          .filter(({ isOpen }) => !isOpen)
          .map(async (one) => [one, await statusOf(port, one, headers, query)] as const),
      )
      for (const [{ method, path }, status] of statuses) {
        if (status !== refusalOf(name)) got[`${name}: ${method} ${path}`] = status
      }
    }
    expect(got).toEqual({})
  }, 120_000)

  test('the good key gets in where its scopes say so', async () => {
    const port = Number(new URL(service.url).port)
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      for (const path of ['/v1/agents', '/v1/tasks', '/openai/v1/models', '/v1/stats']) {
        expect(await statusOf(port, route('GET', path), [`Authorization: ${scheme} ${good}`]), path).toBe(200)
      }
    }
    expect(await statusOf(port, route('POST', '/v1/agents/{a}/messages'), [`Authorization: Bearer ${good}`])).toBe(200)
  })

  test('a key without the scope is told so on every route, before anything is looked up', async () => {
    const port = Number(new URL(service.url).port)
    const refused = [401, 403, 404, 405]
    for (const one of routes.filter(({ isOpen, path }) => !isOpen && path !== '/mcp')) {
      const status = await statusOf(port, one, [`Authorization: Bearer ${others.scopeless}`])
      // A body that its schema refuses is refused first, which tells nothing of what there is.
      expect([...refused, 400], `${one.method} ${one.path}`).toContain(status)
    }
  }, 60_000)

  test('an unknown key and a wrong secret are told the same', async () => {
    const [, id] = good.split('_')
    const told = async (token: string): Promise<string> => {
      const response = await fetch(`${service.url}/v1/agents`, { headers: { Authorization: `Bearer ${token}` } })
      const { requestId: _, ...problem } = (await response.json()) as Record<string, unknown>
      return JSON.stringify([response.status, problem, response.headers.get('www-authenticate')])
    }
    const unknown = await told(`avk_${'0'.repeat(20)}_${'x'.repeat(43)}`)
    expect(await told(`avk_${id}_${'x'.repeat(43)}`)).toBe(unknown)
    expect(await told(others.revoked)).toBe(unknown)
    expect(await told(others.expired)).toBe(unknown)
  })
})

describe('on the port for those who manage it', () => {
  test('no form of credential that is not a good key gets in anywhere', async () => {
    const listening = await service.management()
    const port = Number(new URL(listening.url).port)
    expect(managed.length).toBeGreaterThan(25)
    const got: Record<string, number> = {}
    for (const [name, headers, query] of forms()) {
      const statuses = await Promise.all(
        managed.map(async (one) => [one, await statusOf(port, one, headers, query)] as const),
      )
      for (const [{ method, path }, status] of statuses) {
        if (status !== refusalOf(name)) got[`${name}: ${method} ${path}`] = status
      }
    }
    expect(got).toEqual({})
    expect(await statusOf(port, route('GET', '/admin/v1/keys'), [`Authorization: Bearer ${operatorKey}`])).toBe(200)
    await listening.close({ graceMs: 0 })
  }, 120_000)
})
