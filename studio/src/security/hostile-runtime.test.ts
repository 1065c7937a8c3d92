import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { openService } from './service.fixture.ts'

const service = await openService()
const servers: Server[] = []
afterAll(async () => {
  await service.close()
  for (const server of servers) server.close()
})

let runtimes = 0
/** Connects Studio to what answers every request with these bytes, and ends the connection or goes on as told. */
async function hostile(bytes: string | Buffer, goOn?: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    let asked = ''
    socket.on('data', (chunk) => {
      asked += chunk.toString('latin1')
      if (!asked.includes('\r\n\r\n')) return
      asked = ''
      socket.write(bytes)
      if (goOn === undefined) socket.end()
      else goOn(socket)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const request = { name: `hostile ${runtimes++}`, url, managementUrl: url, key: `avk_studio_${'k'.repeat(43)}` }
  return (await service.admin.ask('POST', '/api/runtimes', request)).body.id
}

const answer = (heads: string, body = '<script>alert(1)</script>', status = '200 OK') =>
  `HTTP/1.1 ${status}\r\n${heads}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const passed = (id: string, path = '/v1/agents') => service.admin.fetch('GET', `/api/runtimes/${id}${path}`)

test.each([
  ['a page', 'Content-Type: text/html'],
  ['a page with a charset', 'Content-Type: text/html; charset=utf-8'],
  ['a page behind a text', 'Content-Type: text/plain;,text/html'],
  ['a page behind JSON', 'Content-Type: application/json; x=",text/html'],
  ['a page in a second head', 'Content-Type: text/plain\r\nContent-Type: text/html'],
  ['XHTML', 'Content-Type: application/xhtml+xml'],
  ['XML that calls itself sound', 'Content-Type: audio/x+xml'],
  ['XML that calls itself moving pictures', 'Content-Type: video/x+xml; charset=utf-8'],
  ['a drawing', 'Content-Type: image/svg+xml'],
  ['a script', 'Content-Type: text/javascript'],
  ['styles', 'Content-Type: text/css'],
  ['a document', 'Content-Type: application/pdf'],
  ['an old page', 'Content-Type: multipart/related; type=text/html'],
  ['nothing', 'X-Nothing: here'],
  ['no type', 'Content-Type: '],
  ['a type in capitals', 'CONTENT-TYPE: TEXT/HTML'],
])('%s is never a page of ours', async (_, heads) => {
  const { headers, status } = await passed(await hostile(answer(heads)))
  expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'application/octet-stream' })
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox; frame-ancestors 'none'")
})

test.each([
  ['application/json', 'application/json'],
  ['application/problem+json; charset=utf-8', 'application/problem+json; charset=utf-8'],
  ['text/event-stream', 'text/event-stream'],
  ['text/plain; charset=utf-7', 'text/plain'],
  ['text/plain;charset="UTF-8"', 'text/plain; charset=utf-8'],
  ['image/png', 'image/png'],
  ['audio/mpeg', 'audio/mpeg'],
])('%s goes through as %s', async (given, expected) => {
  const { headers } = await passed(await hostile(answer(`Content-Type: ${given}`)))
  expect(headers.get('content-type')).toBe(expected)
})

test('what could act on a browser beside the answer does not come through', async () => {
  const heads = [
    'Content-Type: application/json',
    'Set-Cookie: asyncv_studio=stolen; Path=/',
    'Location: https://evil.example/',
    'Refresh: 0; url=https://evil.example/',
    'Link: <https://evil.example/x.css>; rel=stylesheet',
    'Clear-Site-Data: "*"',
    'Access-Control-Allow-Origin: *',
    'Access-Control-Allow-Credentials: true',
    "Content-Security-Policy: script-src 'unsafe-inline'",
    'Service-Worker-Allowed: /',
    'Strict-Transport-Security: max-age=1',
    'Alt-Svc: h2="evil.example:443"',
    'Content-Encoding: gzip',
    'NEL: {}',
    'Report-To: {}',
    'SourceMap: https://evil.example',
    'Www-Authenticate: Basic realm="Studio"',
    'X-Request-Id: theirs',
    'Cache-Control: public, max-age=31536000',
    'Cross-Origin-Resource-Policy: cross-origin',
    'X-Content-Type-Options: off',
  ].join('\r\n')
  const { headers } = await passed(await hostile(answer(heads)))
  const text = [...headers].map(([name, value]) => `${name}: ${value}`).join('\n')
  expect(text).not.toMatch(/evil|stolen|unsafe-inline|theirs|public|cross-origin$|off$/m)
  for (const name of ['refresh', 'location', 'link', 'clear-site-data', 'content-encoding', 'www-authenticate', 'nel'])
    expect(headers.has(name), name).toBe(false)
})

test.each([
  ['a redirect', answer('Location: https://evil.example/', '', '302 Found'), 502, 'runtime_unreachable'],
  ['a status that is none', answer('X: y', '', '999 Nine'), 502, 'runtime_unreachable'],
  ['a status beyond what there is', answer('X: y', '', '600 Six'), 502, 'runtime_unreachable'],
  ['no HTTP', 'hello\r\n\r\n', 502, 'runtime_unreachable'],
  ['heads without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 502, 'runtime_unreachable'],
  ['100,000 heads', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(100_000)}\r\n`, 502, 'runtime_unreachable'],
  [
    'another protocol',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    502,
    'runtime_unreachable',
  ],
  ['a key that it does not know', answer('X: y', '', '401 No'), 502, 'runtime_refused'],
  ['nothing at all', '', 502, 'runtime_unreachable'],
])('%s is said to be no answer', async (_, bytes, status, code) => {
  const response = await passed(await hostile(bytes))
  expect({ status: response.status, code: ((await response.json()) as { code: string }).code }).toEqual({
    status,
    code,
  })
})

test.each([
  ['a status that has no body', answer('X: y', 'body', '205 Reset'), 205],
  ['a name of a file in raw letters', answer('Content-Disposition: attachment; filename="文件.txt"', 'x'), 200],
  ['a head that no browser may get', Buffer.from('HTTP/1.1 200 OK\r\nETag: \x00\r\nContent-Length: 0\r\n\r\n'), 502],
])('%s ends in no bug', async (_, bytes, status) => {
  const response = await passed(await hostile(bytes))
  await response.arrayBuffer()
  expect(response.status).toBe(status)
})

test('a file keeps its name, also in letters that are not ASCII', async () => {
  const heads = "Content-Disposition: attachment; filename*=UTF-8''%E6%96%87.txt\r\nContent-Type: text/plain"
  const { headers } = await passed(await hostile(answer(heads, 'x')))
  expect(headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''%E6%96%87.txt")
})

test('a bomb is not blown up here', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000))
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`
  const id = await hostile(Buffer.concat([Buffer.from(head), bomb]))
  expect((await (await passed(id)).arrayBuffer()).byteLength).toBe(bomb.length)
  const { body } = await service.admin.ask('POST', `/api/runtimes/${id}/check`)
  expect(body).toMatchObject({ reachable: false, problem: { code: 'runtime_unreachable' } })
})

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const chunked = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'

test('an answer without an end is not kept', async () => {
  const before = process.memoryUsage().rss
  const id = await hostile(chunked, (socket) => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(chunk('x'.repeat(65_536))));
      if (!socket.destroyed) socket.once('drain', more)
    }
    more()
  })
  const { body } = await service.admin.ask('POST', `/api/runtimes/${id}/check`)
  expect(body).toMatchObject({ reachable: false })
  expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000)
}, 60_000)

test('an answer that comes a letter at a time is waited for only so long', async () => {
  const id = await hostile(chunked, (socket) => {
    const dripping = setInterval(() => socket.write(chunk(' ')), 50)
    socket.once('close', () => clearInterval(dripping))
  })
  const { url: base, key } = await service.parts.runtimes.connection(id)
  const asking = service.parts.client.json({ method: 'GET', base, path: '/v1/agents', key, waitMs: 200 })
  await expect(asking).rejects.toMatchObject({
    code: 'runtime_unreachable',
    message: expect.stringContaining('takes too long'),
  })
})

const deep = '['.repeat(100_000) + ']'.repeat(100_000)
test.each([
  ['JSON 100,000 lists deep', deep],
  ['JSON 100,000 objects deep', `${'{"data":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['a deep document', `{"runtime":"r","current":{"document":{"agents":[{"name":"a","model":"m/x","deep":${deep}}]}}}`],
  ['a prototype', '{"__proto__":{"data":[]},"current":{"document":{"__proto__":{"agents":[]}}}}'],
  ['a list', '[]'],
  ['a number', '1e999'],
  ['null', 'null'],
  ['half a letter', '{"version":"\\ud800","runtimeId":"\\ud800"}'],
])(
  '%s as an answer is a problem, and no bug',
  async (_, json) => {
    const id = await hostile(answer('Content-Type: application/json', json))
    const asked: [method: string, path: string, body?: object][] = [
      ['POST', `/api/runtimes/${id}/check`],
      ['POST', `/api/runtimes/${id}/adopt`, { replace: true, dryRun: true }],
      ['GET', `/api/runtimes/${id}/models`],
      [
        'POST',
        '/api/items/check',
        { runtime: id, changes: [{ kind: 'agent', name: 'a', content: { name: 'a', model: 'offline/demo' } }] },
      ],
      ['POST', '/api/releases', { items: 'all', summary: 'x', runtimes: [id] }],
    ]
    for (const [method, path, body] of asked) {
      const { status, body: said } = await service.admin.ask(method, path, body)
      expect(said?.code, `${method} ${path} ${status}`).not.toBe('internal')
      expect(status).not.toBe(500)
    }
  },
  60_000,
)

test('whoever leaves before a runtime has answered leaves no bug in the log', async () => {
  const id = await hostile('', () => {})
  const left = new AbortController()
  const asking = service.admin.fetch('GET', `/api/runtimes/${id}/v1/agents`, undefined, {}, left.signal)
  setTimeout(() => left.abort(), 300)
  await expect(asking).rejects.toThrow()
  await expect.poll(() => JSON.stringify(service.logged)).toContain('request_malformed')
})

test('nothing of all that was a bug in the log, or ended the service', async () => {
  expect(service.logged.filter((line) => JSON.stringify(line).includes('a request failed'))).toEqual([])
  expect((await service.admin.ask('GET', '/api/me')).status).toBe(200)
})
