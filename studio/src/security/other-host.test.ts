import { afterAll, expect, test } from 'vitest'
import { exchange } from '../../../server/src/security/wire.fixture.ts'
import { type Browser, browserOf, passwordOf } from '../browser.fixture.ts'
import { access } from '../routes/access.ts'
import type { Role } from '../schemas/role.ts'
import { openService } from './service.fixture.ts'

const host = 'https://pages.example'
const other = 'https://other.example:8443'
const service = await openService({ appOrigins: [host, `${other}/studio/`] })
afterAll(() => service.close())

/** A page of another host: it has no cookies and says where it is from, as browsers have it do. */
function pageOf(origin: string, token?: string): Browser {
  const page = browserOf(service.url)
  const heads = { origin, cookie: '', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  return {
    cookies: page.cookies,
    ask: (method, path, body, headers) => page.ask(method, path, body, { ...heads, ...headers }),
    fetch: (method, path, body, headers, signal) => page.fetch(method, path, body, { ...heads, ...headers }, signal),
  }
}

const passwordOfAdmin = { login: 'ann', password: passwordOf('ann') }
const entry = async (origin = host) => (await pageOf(origin).ask('POST', '/api/sign-in', passwordOfAdmin)).body.entry
const { token } = await entry()
const cookieOf = (browser: Browser) => browser.cookies.get('asyncv_studio') ?? ''

const preflightHeads = (origin: string) => ({
  origin,
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'authorization,x-anything',
})

const foreign: [name: string, origin: string][] = [
  ['another site', 'https://evil.example'],
  ['a page without an origin', 'null'],
  ['every origin', '*'],
  ['the same host without https', 'http://pages.example'],
  ['another port', 'https://pages.example:8443'],
  ['a port of the list at another host', 'https://pages.example:443'],
  ['no port, where the list has one', 'https://other.example'],
  ['a sub-domain', 'https://evil.pages.example'],
  ['the domain above', 'https://example'],
  ['a name that ends alike', 'https://evilpages.example'],
  ['a name that begins alike', 'https://pages.example.evil.example'],
  ['a dot at the end', 'https://pages.example.'],
  ['other letters', 'https://PAGES.example'],
  ['a path', 'https://pages.example/'],
  ['a user', 'https://pages.example@evil.example'],
  ['the path of the list', `${other}/studio`],
  ['two origins', `${host}, https://evil.example`],
  ['two origins with a space', `${host} ${other}`],
  ['two of the list', `${host}, ${other}`],
  ['a file', 'file://'],
  ['an extension', 'chrome-extension://abcdefghijklmnop'],
  ['nothing', ''],
]

test.each(foreign)('%s is told nothing and may do nothing, with a token that is good', async (_, origin) => {
  const page = pageOf(origin, token)
  const answers = [
    await page.fetch('OPTIONS', '/api/me', undefined, preflightHeads(origin)),
    await page.fetch('GET', '/api/me'),
    await page.fetch('PUT', '/api/me', { name: 'Eve' }),
    await page.fetch('POST', '/api/sign-in', passwordOfAdmin),
  ]
  for (const { status, headers } of answers) {
    expect(status).toBe(403)
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(headers.get('vary')).toContain('Origin')
  }
})

test.each([host, other])('a page of %s is told what it may send, and never that cookies may come', async (origin) => {
  const { status, headers } = await pageOf(origin).fetch('OPTIONS', '/api/me', undefined, preflightHeads(origin))
  expect(status).toBe(204)
  expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control')))).toEqual({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': 'authorization, content-type, idempotency-key',
    'access-control-expose-headers': 'content-disposition, retry-after, x-request-id',
    'access-control-max-age': '7200',
  })
  expect(headers.get('vary')).toBe('Origin')
})

test('every answer to a page of a named host may be read by it alone, without cookies', async () => {
  for (const route of service.routes) {
    const [method = '', path = ''] = route.replace('ALL', 'GET').split(' ')
    const left = new AbortController()
    const given = method === 'GET' ? undefined : { nothing: 'known' }
    const asked = path.replaceAll(/:\w+/g, 'unknown')
    // The token of a session that ends on the way would leave the rest unasked.
    const as = route === 'POST /api/sign-out' ? (await entry()).token : token
    const { headers } = await pageOf(host, as).fetch(method, asked, given, {}, left.signal)
    left.abort()
    expect({
      route,
      origin: headers.get('access-control-allow-origin'),
      credentials: headers.get('access-control-allow-credentials'),
      cookies: headers.getSetCookie(),
      vary: headers.get('vary'),
    }).toEqual({ route, origin: host, credentials: null, cookies: [], vary: 'Origin' })
  }
})

test('what is no page of another host hears nothing of them, and caches keep its answer apart', async () => {
  const { headers } = await service.admin.fetch('GET', '/api/me')
  expect(headers.has('access-control-allow-origin')).toBe(false)
  expect(headers.get('vary')).toBe('Origin')
})

test('signing in from another host gives the token to the page, and sets no cookie', async () => {
  const { status, body, headers } = await pageOf(host).ask('POST', '/api/sign-in', passwordOfAdmin)
  expect({ status, cookies: headers.getSetCookie() }).toEqual({ status: 200, cookies: [] })
  expect(body.entry).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/), device: expect.any(String) })
  expect((await pageOf(host, body.entry.token).ask('GET', '/api/me')).body.user.login).toBe('ann')
})

test('signing in at Studio itself gives the token to no script', async () => {
  const { body } = await browserOf(service.url).ask('POST', '/api/sign-in', passwordOfAdmin)
  expect(Object.keys(body)).toEqual(['user'])
})

const closed = service.routes.filter((route) => access[route] !== 'open')
const ways: [name: string, headers: () => Promise<Record<string, string>> | Record<string, string>][] = [
  ['no token', () => ({ origin: host })],
  ['a cookie of Studio’s own pages', () => ({ origin: host, cookie: `asyncv_studio=${cookieOf(service.admin)}` })],
  ['a token in the place of that cookie', () => ({ origin: host, cookie: `asyncv_studio=${token}` })],
  ['that cookie as a token', () => ({ origin: host, authorization: `Bearer ${cookieOf(service.admin)}` })],
  ['a token that was made up', () => ({ origin: host, authorization: `Bearer ${'x'.repeat(43)}` })],
  ['a token from another of the hosts', () => ({ origin: other, authorization: `Bearer ${token}` })],
  ['a token from Studio’s own page', () => ({ origin: service.url, authorization: `Bearer ${token}` })],
  ['a token from no page', () => ({ authorization: `Bearer ${token}`, origin: '' })],
  ['a token as a cookie', () => ({ origin: service.url, cookie: `asyncv_studio=${token}` })],
  ['a token with its host as a cookie', () => ({ origin: service.url, cookie: `asyncv_studio=${host} ${token}` })],
  ['a token in another scheme', () => ({ origin: host, authorization: `Basic ${token}` })],
  ['a token with something behind it', () => ({ origin: host, authorization: `Bearer ${token}, ${token}` })],
  ['a token in the address', () => ({ origin: host, 'x-authorization': `Bearer ${token}` })],
  ['the name of a device', async () => ({ origin: host, authorization: `Bearer ${(await entry()).device}` })],
]
test.each(ways)('%s opens nothing', async (_, headersOf) => {
  const headers = await headersOf()
  for (const route of closed) {
    const [method = '', path = ''] = route.replace('ALL', 'GET').split(' ')
    const asked = `${path.replaceAll(/:\w+/g, 'unknown')}?token=${token}&access_token=${token}`
    const { origin: _, ...rest } = headers
    const given = headers['origin'] === '' ? rest : headers
    const heads = { 'content-type': 'application/json', ...given }
    const answer = await fetch(service.url + asked, {
      method,
      headers: heads,
      ...(method === 'GET' ? {} : { body: '{}' }),
    })
    await answer.body?.cancel()
    // Without an origin nothing can be changed at all.
    expect({ route, ok: [401, 403].includes(answer.status) }).toEqual({ route, ok: true })
    if (headers['origin'] !== '') expect({ route, status: answer.status }).toEqual({ route, status: 401 })
  }
})

/** From who may least to who may most. Not the service's own list: that one is judged here. */
const roles: Role[] = ['viewer', 'editor', 'operator', 'admin']

test('from another host, too, every route is for its role and those above', async () => {
  for (const role of roles) {
    const { user } = (await (await service.as(role)).ask('GET', '/api/me')).body
    for (const route of closed) {
      const fresh = await service.db.transaction().execute((trx) => service.parts.sessions.begin(trx, user.id, host))
      const [method = '', path = ''] = route.replace('ALL', 'GET').split(' ')
      const left = new AbortController()
      const given = method === 'GET' ? undefined : { nothing: 'known' }
      const asked = path.replaceAll(/:\w+/g, 'unknown')
      const { status } = await pageOf(host, fresh).fetch(method, asked, given, {}, left.signal)
      left.abort()
      const mayAsk = roles.indexOf(role) >= roles.indexOf(access[route] as Role)
      if (mayAsk) expect([401, 403], `${route} as ${role}`).not.toContain(status)
      else expect({ route, role, status }).toEqual({ route, role, status: 403 })
    }
  }
})

test('signing out ends the token, and leaves who is signed in at Studio itself', async () => {
  const leaving = (await entry()).token
  const cookie = `asyncv_studio=${cookieOf(service.admin)}`
  const { status, headers } = await pageOf(host, leaving).ask('POST', '/api/sign-out', undefined, { cookie })
  expect({ status, cookies: headers.getSetCookie() }).toEqual({ status: 204, cookies: [] })
  expect((await pageOf(host, leaving).ask('GET', '/api/me')).status).toBe(401)
  expect((await service.admin.ask('GET', '/api/me')).status).toBe(200)
})

test('a stream ends with its token', async () => {
  const leaving = (await entry()).token
  const answer = await pageOf(host, leaving).fetch('GET', '/api/events')
  const read = answer.text()
  await pageOf(host, leaving).ask('POST', '/api/sign-out')
  expect(await read).toContain('retry: 2000')
})

test('a new password gives a new token, and the one before is good no longer', async () => {
  const { id } = (await service.admin.ask('POST', '/api/users', { login: 'cy', name: 'Cy', role: 'viewer' })).body
  const { link } = (await service.admin.ask('POST', `/api/users/${id}/invitation`)).body
  const taken = await pageOf(host).ask('POST', '/api/invitations', {
    token: String(link).split('#')[1],
    password: passwordOf('cy'),
  })
  const before = taken.body.entry.token
  const passwords = { current: passwordOf('cy'), next: 'another password of cy' }
  const changed = await pageOf(host, before).ask('PUT', '/api/me/password', passwords)
  expect((await pageOf(host, before).ask('GET', '/api/me')).status).toBe(401)
  expect((await pageOf(host, changed.body.entry.token).ask('GET', '/api/me')).body.user.login).toBe('cy')
})

test('who guesses at a login keeps nobody out who has signed in from a page of another host before', async () => {
  const { device } = await entry()
  const page = pageOf(host)
  const guess = () => page.ask('POST', '/api/sign-in', { login: 'ann', password: 'a wrong one' })
  for (let n = 0; n < 11; n++) await guess()
  expect((await guess()).status).toBe(429)
  expect((await page.ask('POST', '/api/sign-in', passwordOfAdmin)).status).toBe(429)
  expect((await page.ask('POST', '/api/sign-in', { ...passwordOfAdmin, device })).status).toBe(200)
})

test('a link leads to the host that asks for it, else to the first', async () => {
  const { data } = (await service.admin.ask('GET', '/api/users')).body
  const path = `/api/users/${data.find((one: { login: string }) => one.login === 'viewer').id}/invitation`
  const linkFor = async (browser: Browser) => (await browser.ask('POST', path)).body.link.split('#')[0]
  const at = async (origin: string) => {
    const { id } = (await service.admin.ask('GET', '/api/me')).body.user
    return pageOf(
      origin,
      await service.db.transaction().execute((trx) => service.parts.sessions.begin(trx, id, origin)),
    )
  }
  expect(await linkFor(service.admin)).toBe('https://pages.example/invitation')
  expect(await linkFor(await at(host))).toBe('https://pages.example/invitation')
  expect(await linkFor(await at(other))).toBe('https://other.example:8443/studio/invitation')
})

test.each(['/', '/index.html', '/assets/app.js', '/sign-in', '/apis', '//api/me', '/API/me'])(
  'of Studio’s own files and pages, %s is none of another host’s',
  async (path) => {
    const { status, headers } = await pageOf(host, token).fetch('GET', path)
    expect({ status, open: headers.has('access-control-allow-origin') }).toEqual({ status: 403, open: false })
  },
)

test('a name that was rebound is refused before anything else', async () => {
  const heads = Object.entries({ host: 'evil.example', ...preflightHeads(host), connection: 'close' })
  const lines = heads.map(([name, value]) => `${name}: ${value}`)
  const { answers } = await exchange(service.port, `OPTIONS /api/me HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, 2_000)
  expect(answers[0]?.status).toBe(421)
})

test('a host that is no longer named is out, with what it had been given', async () => {
  const later = await openService({ appOrigins: [other] })
  const { id } = (await later.admin.ask('GET', '/api/me')).body.user
  const kept = await later.db.transaction().execute((trx) => later.parts.sessions.begin(trx, id, host))
  const ask = (headers: Record<string, string>) => fetch(`${later.url}/api/me`, { headers })
  expect((await ask({ origin: host, authorization: `Bearer ${kept}` })).status).toBe(403)
  expect((await ask({ origin: other, authorization: `Bearer ${kept}` })).status).toBe(401)
  expect((await ask({ origin: later.url, cookie: `asyncv_studio=${kept}` })).status).toBe(401)
  await later.close()
})
