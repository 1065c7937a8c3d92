import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { exchange } from '../../../server/src/security/wire.fixture.ts'
import { listen, usualLimits } from '../listen.ts'
import { openService } from './service.fixture.ts'

const outside = mkdtempSync(join(tmpdir(), 'asyncv-studio-outside-'))
const app = join(outside, 'app')
mkdirSync(join(app, 'assets'), { recursive: true })
writeFileSync(join(app, 'index.html'), '<!doctype html><title>Studio</title>')
writeFileSync(join(app, 'assets/main-abc.js'), 'script')
writeFileSync(join(outside, 'canary'), 'the canary outside')
symlinkSync(outside, join(app, 'assets/leading-out'))

const service = await openService({ app })
const { admin, port, url } = service
afterAll(async () => {
  // Whatever was thrown at it, it goes on, and called none of it a bug.
  expect((await admin.ask('GET', '/api/me')).status).toBe(200)
  expect(service.logged.filter((line) => JSON.stringify(line).includes('a request failed'))).toEqual([])
  expect(await service.parts.audit.verify(null)).toMatchObject({ whole: true })
  await service.close()
  rmSync(outside, { recursive: true, force: true })
})

/** Every route that changes something, with what it would be asked; what is passed on has its own tests. */
const writes = service.routes
  .filter((route) => /^(POST|PUT|DELETE)/.test(route) && route !== 'POST /api/sign-out')
  .map((route) => {
    const [method = '', path = ''] = route.split(' ')
    const filled = path.replaceAll(/:n\b/g, '1').replaceAll(':kind', 'agent').replaceAll(/:\w+/g, 'unknown')
    return { route, method, path: filled }
  })
const readers: typeof writes = []
for (const write of writes) {
  const { body } = await admin.ask(write.method, write.path, '{')
  if (body.code === 'body_malformed') readers.push(write)
}

test('the routes that read a body are those that one would think of', () => {
  expect(readers.map(({ route }) => route)).toEqual(
    expect.arrayContaining(['POST /api/users', 'PUT /api/me', 'PUT /api/items/:kind/:name', 'POST /api/import']),
  )
  expect(readers.length).toBeGreaterThanOrEqual(20)
})

const depth = 100_000
const bodies: [name: string, body: string | Uint8Array, code: string][] = [
  ['nothing', '', 'body_malformed'],
  ['100,000 lists', '['.repeat(depth) + ']'.repeat(depth), 'body_malformed'],
  ['100,000 objects', `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`, 'body_malformed'],
  ['100,000 brackets that never close', '['.repeat(depth), 'body_malformed'],
  ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'body_malformed'],
  ['a prototype', '{"__proto__":{"role":"admin"}}', 'body_malformed'],
  ['a prototype further in', '{"content":{"a":[{"__proto__":1}]}}', 'body_malformed'],
  ['a prototype in escapes', '{"\\u005f_proto__":{}}', 'body_malformed'],
  ['half a letter', '{"name":"\\ud800","reason":"\\udfff","summary":"\\ud800"}', 'input_invalid'],
  ['half a letter in a key', '{"\\ud800":1}', 'input_invalid'],
  ['half a letter further in', '{"content":{"a":["\\ud800"]}}', 'input_invalid'],
  ['the key constructor', '{"constructor":{"prototype":{"role":"admin"}}}', 'input_invalid'],
  ['a list', '[]', 'input_invalid'],
  ['a text', '"a"', 'input_invalid'],
  ['null', 'null', 'input_invalid'],
]
test.each(bodies)(
  '%s is refused by every route that reads',
  async (_, body, code) => {
    for (const { route, method, path } of readers) {
      const answer = await fetch(url + path, {
        method,
        headers: {
          origin: url,
          'content-type': 'application/json',
          cookie: [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
        body: body as string,
      })
      expect({ route, code: ((await answer.json()) as { code: string }).code }).toEqual({ route, code })
    }
  },
  120_000,
)

test('more than a route takes is not kept by any', async () => {
  const ofSize = (mebibytes: number): string => `{"a":"${'x'.repeat(mebibytes * 1024 * 1024)}"}`
  const usual = ofSize(1)
  const large = readers.filter(({ path }) => /check|compose|import/.test(path))
  for (const { method, path } of readers) {
    const body = large.some((one) => one.path === path) ? ofSize(17) : usual
    // Whoever goes on talking may be cut before the answer is read.
    const code = await admin.ask(method, path, body).then(
      (answer) => answer.body.code,
      () => 'cut',
    )
    expect(['cut', 'body_too_large'], path).toContain(code)
  }
}, 120_000)

const foreign = [
  'id',
  'author',
  'createdAt',
  'created_by',
  'state',
  'hash',
  'changedBy',
  'sealedKey',
  'isAdmin',
  'user_id',
]
test.each(readers)('$route takes no more than it names', async ({ method, path }) => {
  const { body } = await admin.ask(method, path, Object.fromEntries(foreign.map((key) => [key, 'x'])))
  const refused = body.errors.map(({ pointer }: { pointer: string }) => pointer)
  expect(refused).toEqual(expect.arrayContaining(foreign.map((key) => `/${key}`)))
})

test.each([
  ['GET', '/api/audit?cursor=-1'],
  ['GET', '/api/audit?cursor=9007199254740993'],
  ['GET', '/api/audit?cursor=1e308'],
  ['GET', '/api/audit?cursor=x%00'],
  ['GET', '/api/audit?limit=1000000'],
  ['GET', '/api/audit?limit=NaN'],
  ['GET', '/api/audit?order=desc'],
  ['GET', '/api/audit/export?format=html'],
  ['GET', '/api/audit/verify?n=1&hash=zz'],
  ['GET', '/api/releases?cursor=0'],
  ['GET', '/api/releases?cursor=1;drop%20table%20user'],
  ['GET', '/api/releases/1e400'],
  ['GET', '/api/releases/-1'],
  ['GET', '/api/releases/99999999999999999999'],
  ['GET', '/api/releases/compare?from=x&to=1'],
  ['GET', '/api/items?kind=user'],
  ['GET', '/api/items?__proto__=1'],
  ['GET', '/api/items/__proto__/a'],
  ['GET', '/api/items/agent/__proto__'],
  ['GET', '/api/items/agent/..%2f..%2fusers'],
  ['GET', '/api/items/agent/a%00'],
  ['GET', '/api/items/agent/%ff'],
  ['GET', '/api/items/agent/a/versions/0'],
  ['GET', '/api/items/agent/a/versions/1e3'],
  ['DELETE', '/api/items/agent/a?base=x'],
  ['GET', '/api/runtimes/%00'],
  ['GET', "/api/runtimes/'%20or%201=1"],
  ['GET', '/api/webhooks/x/deliveries?limit=0'],
  ['DELETE', '/api/users/%ff'],
  ['GET', '/api/%c0%ae%c0%ae/'],
])('%s %s is a problem of the asker’s', async (method, path) => {
  const { status } = await admin.ask(method, path)
  expect([400, 404]).toContain(status)
})

async function raw(target: string): Promise<string> {
  const { answers } = await exchange(
    port,
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    2_000,
  )
  expect(answers[0]?.status ?? 400).toBeLessThan(500)
  return answers[0]?.body ?? ''
}
test.each([
  '/../canary',
  '/assets/../../canary',
  '/..%2fcanary',
  '/%2e%2e/canary',
  '/%2e%2e%2fcanary',
  '/.%2e/canary',
  '/assets/..%2f..%2fcanary',
  '/assets/%2e%2e/%2e%2e/canary',
  '/assets/..%5c..%5ccanary',
  '/assets/..\\..\\canary',
  '/%252e%252e%252fcanary',
  '//canary',
  '///etc/passwd',
  '//../canary',
  '/assets//..//..//canary',
  `/${outside}/canary`,
  '/%00',
  '/assets/main-abc.js%00.html',
  `/${'a'.repeat(8_000)}`,
  `/assets/${'a/'.repeat(3_000)}`,
  '/%e0%a4%a',
  '/assets',
  '/assets/',
  'http://evil.example/../canary',
  '*',
])('%s leads out of no folder, and nowhere else', async (target) => {
  const body = await raw(target)
  expect(body).not.toContain('the canary outside')
  expect(body).not.toContain('root:')
})

test.each([
  '//evil.example',
  '/\\evil.example',
  '/%5cevil.example',
  '//evil.example/%2e%2e',
  '/sign-in?next=//evil.example',
  '/.//evil.example',
])('%s sends nobody to another site', async (target) => {
  const { answers } = await exchange(
    port,
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    2_000,
  )
  expect(answers[0]?.headers).not.toHaveProperty('location')
  expect(answers[0]?.headers).not.toHaveProperty('refresh')
  expect(answers[0]?.status).toBeLessThan(500)
})

const heads = (path: string, ...more: string[]) =>
  [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Origin: ${url}`,
    'Content-Type: application/json',
    ...more,
  ].join('\r\n')

test('a body without an end is read to its limit and no further', async () => {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.on('data', (data) => (said += data))
  socket.on('error', () => {})
  socket.write(`${heads('/api/sign-in', 'Transfer-Encoding: chunked')}\r\n\r\n`)
  let sent = 0
  const piece = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`)
  const sending = setInterval(() => {
    sent += piece.length
    if (!socket.destroyed) socket.write(piece)
  }, 1)
  await expect.poll(() => said, { timeout: 10_000 }).toContain('body_too_large')
  await expect.poll(() => socket.destroyed || socket.closed, { timeout: 15_000 }).toBe(true)
  clearInterval(sending)
  expect(sent).toBeGreaterThan(1_000_000)
}, 40_000)

test('who sends heads or a body a letter at a time is cut', async () => {
  expect(usualLimits).toMatchObject({ headersTimeout: 10_000, requestTimeout: 25_000 })
  const limits = { headersTimeout: 500, requestTimeout: 1_000, connectionsCheckingInterval: 100 }
  const read = async (request: Request): Promise<Response> => new Response(await request.text().catch(() => 'cut'))
  const listening = await listen(read, { host: '127.0.0.1', port: 0 }, { publicUrl: null, limits })
  const begun = performance.now()
  const closes = [
    'GET /api/first-run HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ',
    `${heads('/api/sign-in', 'Content-Length: 1000')}\r\n\r\n{`,
  ].map(
    (text) =>
      new Promise<number>((resolve) => {
        const socket = connect(Number(new URL(listening.url).port), '127.0.0.1', () => socket.write(text))
        const dripping = setInterval(() => !socket.destroyed && socket.write('x'), 50)
        socket.on('data', () => {})
        socket.on('error', () => {})
        socket.on('close', () => {
          clearInterval(dripping)
          resolve(performance.now() - begun)
        })
      }),
  )
  // A thousand letters would take fifty seconds.
  for (const tookMs of await Promise.all(closes)) expect(tookMs).toBeLessThan(20_000)
  await listening.close({ graceMs: 0 })
}, 30_000)
