import { afterAll, expect, test } from 'vitest'
import { exchange } from '../../../server/src/security/wire.fixture.ts'
import { openService } from './service.fixture.ts'

const service = await openService()
const behind = await openService({ publicUrl: 'https://studio.example' })
afterAll(() => Promise.all([service.close(), behind.close()]))

const { url, port } = service
const writes = service.routes.filter((route) => !route.startsWith('GET'))
const pathOf = (route: string) => (route.split(' ')[1] ?? '').replaceAll(/:n\b/g, '1').replaceAll(/:\w+/g, 'unknown')
const methodsOf = (route: string) => (route.startsWith('ALL') ? ['POST', 'PUT', 'DELETE'] : [route.split(' ')[0] ?? ''])

const foreign: [name: string, origin: string | null][] = [
  ['no origin', null],
  ['another site', 'https://evil.example'],
  ['a page without an origin', 'null'],
  ['another port', `http://127.0.0.1:${port + 1}`],
  ['the usual port', 'http://127.0.0.1'],
  ['a sub-domain', `http://evil.127.0.0.1:${port}`],
  ['a name that begins alike', `http://127.0.0.1:${port}.evil.example`],
  ['https', `https://127.0.0.1:${port}`],
  ['another name of this machine', `http://localhost:${port}`],
  ['an origin with a path', `${url}/`],
  ['an origin with a user', `http://evil@127.0.0.1:${port}`],
  ['two origins', `${url}, https://evil.example`],
  ['two origins with a space', `https://evil.example ${url}`],
  ['an extension', 'chrome-extension://abcdefghijklmnop'],
  ['a file', 'file://'],
]
test.each(foreign)('nothing can be changed from %s', async (_, origin) => {
  const cookie = `asyncv_studio=${service.admin.cookies.get('asyncv_studio')}`
  for (const route of writes) {
    for (const method of methodsOf(route)) {
      const answer = await fetch(url + pathOf(route), {
        method,
        headers: { cookie, 'content-type': 'application/json', ...(origin === null ? {} : { origin }) },
        body: '{}',
      })
      const { code } = (await answer.json()) as { code: string }
      expect({ route, status: answer.status, code }).toEqual({ route, status: 403, code: 'origin_refused' })
    }
  }
})

test.each(foreign.filter(([, origin]) => origin !== null))('nothing can be read from %s', async (_, origin) => {
  const { status } = await service.admin.ask('GET', '/api/me', undefined, { origin: origin ?? '' })
  expect(status).toBe(403)
})

const body = JSON.stringify({ name: 'Eve' })
const cookieOf = ({ admin }: typeof service) =>
  `Cookie: ${[...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ')}`
/** Who is asked as bytes, since a client sets Host itself. */
async function ask(of: typeof service, first: string, heads: string[], sent = ''): Promise<number | undefined> {
  const length = sent === '' ? [] : [`Content-Length: ${sent.length}`]
  const all = [first, ...heads, cookieOf(of), 'Content-Type: application/json', ...length, 'Connection: close']
  const { answers } = await exchange(of.port, `${all.join('\r\n')}\r\n\r\n${sent}`, 2_000)
  return answers[0]?.status
}

test.each([
  ['evil.example', 421],
  ['127.0.0.1.evil.example', 421],
  ['localhost.evil.example', 421],
  ['evil.example:7410', 421],
  ['localhost', 200],
  ['LOCALHOST', 200],
  ['[::1]:7410', 200],
  ['studio.example', 421],
])('asked under the name %s, it answers %d', async (host, status) => {
  expect(await ask(service, 'GET /api/me HTTP/1.1', [`Host: ${host}`])).toBe(status)
})

test.each([
  ['evil@127.0.0.1'],
  ['127.0.0.1:x'],
  ['127.0.0.1/evil.example'],
  ['127.0.0.1#evil.example'],
  ['127.0.0.1?.evil.example'],
  ['evil.example\\@127.0.0.1'],
  ['[::1'],
  ['127.0.0.1 evil.example'],
  [''],
  ['127.0.0.1\r\nHost: evil.example'],
])('a host %j is none', async (host) => {
  const status = await ask(service, 'PUT /api/me HTTP/1.1', [`Host: ${host}`, `Origin: http://${host}`], body)
  expect([400, 403, 421]).toContain(status)
})

test('a name that was rebound is refused before anything is changed, with an origin that fits it', async () => {
  const heads = ['Host: evil.example', 'Origin: http://evil.example']
  expect(await ask(service, 'PUT /api/me HTTP/1.1', heads, body)).toBe(421)
})

test('a whole address in the request is no way around the name', async () => {
  const own = `127.0.0.1:${port}`
  const heads = [`Host: ${own}`, 'Origin: http://evil.example']
  expect(await ask(service, 'PUT http://evil.example/api/me HTTP/1.1', heads, body)).toBe(403)
  const turned = ['Host: evil.example', `Origin: http://${own}`]
  expect(await ask(service, `PUT http://${own}/api/me HTTP/1.1`, turned, body)).toBe(421)
})

test.each([
  ['https://studio.example', 200],
  ['http://studio.example', 403],
  ['https://studio.example:8443', 403],
  ['https://evil.studio.example', 403],
  ['https://studio.example.evil.example', 403],
  ['null', 403],
])('behind https://studio.example, a page of %s is answered %d', async (origin, status) => {
  const heads = ['Host: studio.example', `Origin: ${origin}`]
  expect(await ask(behind, 'PUT /api/me HTTP/1.1', heads, body)).toBe(status)
})

test.each([
  ['a form', 'application/x-www-form-urlencoded'],
  ['a form with files', 'multipart/form-data; boundary=x'],
  ['a text', 'text/plain'],
  ['a text that mentions JSON', 'text/plain; application/json'],
  ['something like JSON', 'application/jsonp'],
  ['nothing', ''],
])('what a page of another site can send without asking, %s, is read by no route', async (_, type) => {
  // Signing out takes no body, and has nothing that another site's page could say.
  for (const route of writes.filter((one) => one !== 'POST /api/sign-out')) {
    const [method, path] = [methodsOf(route)[0] ?? '', pathOf(route)]
    const { status } = await service.admin.ask(method, path, '{"name":"Eve"}', { 'content-type': type })
    // Those that take a body say so; the others find nothing there.
    expect([404, 415], route).toContain(status)
  }
  expect((await service.admin.ask('GET', '/api/me')).body.user.name).not.toBe('Eve')
})

test.each(['TRACE', 'CONNECT', 'OPTIONS', 'PROPFIND', 'get', 'QUERY', 'PATCH'])('%s does nothing', async (method) => {
  const own = `127.0.0.1:${port}`
  const status = await ask(service, `${method} /api/me HTTP/1.1`, [`Host: ${own}`, `Origin: ${url}`])
  expect([undefined, 400, 404, 405, 501]).toContain(status)
})

test('no answer lets a page of another site read it', async () => {
  for (const route of service.routes) {
    const [method, path] = [methodsOf(route)[0] ?? '', pathOf(route)]
    const answer = await service.admin.fetch(method, path, method === 'GET' ? undefined : {}, {
      origin: 'https://evil.example',
    })
    await answer.body?.cancel()
    for (const name of ['access-control-allow-origin', 'access-control-allow-credentials', 'set-cookie', 'location'])
      expect(answer.headers.has(name), `${route}: ${name}`).toBe(false)
    expect(answer.headers.get('cross-origin-resource-policy'), route).toBe('same-origin')
    expect(answer.headers.get('x-content-type-options'), route).toBe('nosniff')
    expect(answer.headers.get('content-security-policy'), route).toMatch(/frame-ancestors 'none'/)
  }
})
