import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { offline } from 'asyncv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openService, problemOf, type Service } from '../service.fixture.ts'
import { type Answer, exchange } from './wire.fixture.ts'

let service: Service
let port: number
beforeAll(async () => {
  service = await openService({ demo: offline() }, { events: { keepMs: 60_000 } }, { maxBodyBytes: 10_000 })
  port = Number(new URL(service.url).port)
})
afterAll(() => service.close())

const crlf = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`
const message = '{"text":"hi"}'
const toAgent = ['POST /v1/agents/demo/messages HTTP/1.1', 'Host: localhost', 'Content-Type: application/json']
/** What an attacker wants to be taken for a request of somebody else. */
const hidden = crlf('GET /v1/tasks HTTP/1.1', 'Host: localhost', 'X-Hidden: yes')

async function statuses(bytes: string): Promise<number[]> {
  const { answers } = await exchange(port, Buffer.from(bytes, 'latin1'))
  return answers.map(({ status }) => status)
}

describe('a request that proxies and servers may read differently is refused, and what hides in it is not answered', () => {
  test.each<[string, string]>([
    ['a length and chunks', `${crlf(...toAgent, 'Content-Length: 6', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`],
    ['chunks and a length', `${crlf(...toAgent, 'Transfer-Encoding: chunked', 'Content-Length: 6')}0\r\n\r\n${hidden}`],
    ['two codings', `${crlf(...toAgent, 'Transfer-Encoding: chunked, identity')}0\r\n\r\n${hidden}`],
    [
      'chunks that are said twice',
      crlf(...toAgent, 'Transfer-Encoding: x', 'Transfer-Encoding: chunked', 'Content-Length: 3') +
        `0\r\n\r\n${hidden}`,
    ],
    [
      'a coding with a tab',
      `${crlf(...toAgent, 'Transfer-Encoding:\tchunked', 'Content-Length: 5')}0\r\n\r\n${hidden}`,
    ],
    ['a coding with a letter too many', `${crlf(...toAgent, 'Transfer-Encoding: xchunked')}0\r\n\r\n${hidden}`],
    ['a blank before the colon', `${crlf(...toAgent, 'Transfer-Encoding : chunked')}0\r\n\r\n${hidden}`],
    [
      'a name over two lines',
      `${crlf(...toAgent, 'Transfer-Encoding:', ' chunked', 'Content-Length: 5')}0\r\n\r\n${hidden}`,
    ],
    ['two lengths', crlf(...toAgent, 'Content-Length: 13', 'Content-Length: 0') + message + hidden],
    ['a list of lengths', crlf(...toAgent, 'Content-Length: 13, 0') + message + hidden],
    ['a length with a sign', crlf(...toAgent, 'Content-Length: +13') + message + hidden],
    ['a length below nothing', crlf(...toAgent, 'Content-Length: -1') + message + hidden],
    ['a length in hexadecimal', crlf(...toAgent, 'Content-Length: 0xd') + message + hidden],
    ['a length that overflows', crlf(...toAgent, 'Content-Length: 18446744073709551629') + message + hidden],
    [
      'a chunk that is shorter than it says',
      `${crlf(...toAgent, 'Transfer-Encoding: chunked')}5\r\nab\r\n0\r\n\r\n${hidden}`,
    ],
    [
      'a chunk that is longer than it says',
      `${crlf(...toAgent, 'Transfer-Encoding: chunked')}1\r\n${message}\r\n0\r\n\r\n${hidden}`,
    ],
    [
      'a chunk size that is none',
      `${crlf(...toAgent, 'Transfer-Encoding: chunked')}zz\r\n${message}\r\n0\r\n\r\n${hidden}`,
    ],
    [
      'a chunk size that overflows',
      `${crlf(...toAgent, 'Transfer-Encoding: chunked')}fffffffffffffffff\r\n${message}\r\n0\r\n\r\n`,
    ],
    [
      'chunks that end with a line feed alone',
      `${crlf(...toAgent, 'Transfer-Encoding: chunked')}d\n${message}\n0\n\n${hidden}`,
    ],
    ['a version that is none', `GET /v1/agents HTTP/9.9\r\nHost: localhost\r\n\r\n${hidden}`],
    ['a line feed alone in its head', `GET /v1/agents HTTP/1.1\nHost: localhost\n\n${hidden}`],
  ])('%s', async (_, bytes) => {
    const got = await statuses(bytes)
    // The first is refused, and the connection is closed behind it.
    expect(got).toHaveLength(1)
    expect(got[0]).toBe(400)
  })

  test('requests that follow each other on one connection are each asked who they are', async () => {
    const own = await openService({ demo: offline() })
    const { key } = await own.asyncv.keys.create({ name: 'a' })
    const at = Number(new URL(own.url).port)
    const asked = (authorization: string[]): string =>
      crlf('GET /v1/agents HTTP/1.1', 'Host: localhost', ...authorization)
    const good = [`Authorization: Bearer ${key}`]
    const { answers } = await exchange(at, asked(good) + asked([]) + asked(good) + asked(['Authorization: Bearer x']))
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200, 401])
    await own.close()
  })

  test('a chunk may have an extension, and trailers mean nothing', async () => {
    const body = `d;name=value\r\n${message}\r\n0\r\nAuthorization: Bearer x\r\nX-Request-Id: trailer\r\n\r\n`
    const { answers } = await exchange(
      port,
      crlf(...toAgent, 'Transfer-Encoding: chunked', 'Connection: close') + body,
      3_000,
    )
    expect(answers.map(({ status }) => status)).toEqual([200])
    expect(answers[0]?.headers['x-request-id']).not.toBe('trailer')
  })
})

describe('nothing that a caller writes becomes a line of an answer’s head', () => {
  const injected = 'x%0d%0aX-Injected:%20yes'
  const has = ({ headers }: Answer): boolean => 'x-injected' in headers || 'set-cookie' in headers

  test.each<[string, string[]]>([
    ['a path', [`GET /v1/tasks/${injected} HTTP/1.1`, 'Host: localhost']],
    ['a query', [`GET /v1/tasks?cursor=${injected} HTTP/1.1`, 'Host: localhost']],
    ['a request id with escapes', ['GET /v1/agents HTTP/1.1', 'Host: localhost', `X-Request-Id: ${injected}`]],
    ['a request id of odd bytes', ['GET /v1/agents HTTP/1.1', 'Host: localhost', 'X-Request-Id: a\u0085b\u2028c']],
    ['an origin', ['GET /v1/agents HTTP/1.1', 'Host: localhost', `Origin: http://localhost${injected}`]],
    ['a place to go on', ['GET /v1/events HTTP/1.1', 'Host: localhost', `Last-Event-ID: ${injected}`]],
    ['a preference', ['GET /v1/tasks/x HTTP/1.1', 'Host: localhost', `Prefer: wait=${injected}`]],
    [
      'a forwarded host',
      ['GET /.well-known/oauth-protected-resource HTTP/1.1', 'Host: localhost', `X-Forwarded-Host: ${injected}`],
    ],
  ])('%s', async (_, lines) => {
    const { answers } = await exchange(port, Buffer.from(crlf(...lines, 'Connection: close'), 'latin1'), 1_000)
    expect(answers).toHaveLength(1)
    expect(answers.some(has)).toBe(false)
    expect(answers[0]?.status).toBeLessThan(500)
  })

  test('a session, which an answer’s head repeats', async () => {
    const session = encodeURIComponent('s\r\nX-Injected: yes')
    const body = JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'hi' }] })
    const head = crlf(
      'POST /openai/v1/chat/completions HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      `X-Asyncv-Session: ${session}`,
      'Connection: close',
    )
    const { answers } = await exchange(port, head + body, 3_000)
    expect(answers[0]?.status).toBe(200)
    expect(answers[0]?.headers['x-asyncv-session']).toBe(session)
    expect(answers.some(has)).toBe(false)
  })

  test('the name of a file, which a download repeats', async () => {
    const name = encodeURIComponent('a"\r\nX-Injected: yes;.txt')
    const put = await fetch(`${service.url}/v1/files?name=${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: 'hello',
    })
    const { id } = (await put.json()) as { id: string }
    const { answers } = await exchange(
      port,
      crlf(`GET /v1/files/${id}/content HTTP/1.1`, 'Host: localhost', 'Connection: close'),
      1_000,
    )
    expect(answers[0]).toMatchObject({ status: 200, body: 'hello' })
    expect(answers.some(has)).toBe(false)
  })
})

describe('this machine is only who calls it by its own name', () => {
  test.each<[string, string[], number]>([
    ['a full address of another host', ['GET http://evil.example/v1/agents HTTP/1.1', 'Host: localhost'], 421],
    [
      'a full address with another host behind it',
      ['GET http://localhost/v1/agents HTTP/1.1', 'Host: evil.example'],
      421,
    ],
    ['two hosts', ['GET /v1/agents HTTP/1.1', 'Host: localhost', 'Host: evil.example'], 421],
    ['a name with a dot behind it', ['GET /v1/agents HTTP/1.1', 'Host: evil.example.'], 421],
    ['a number for an address', ['GET /v1/agents HTTP/1.1', 'Host: 3232235777'], 421],
    ['an address of this network', ['GET /v1/agents HTTP/1.1', 'Host: 192.168.1.1:7400'], 421],
    ['a name that ends like ours', ['GET /v1/agents HTTP/1.1', 'Host: notlocalhost'], 421],
    ['an IPv6 address of somebody', ['GET /v1/agents HTTP/1.1', 'Host: [2001:db8::1]:80'], 421],
    ['another path to the same', ['GET /v1/agents HTTP/1.1', 'Host: localhost', 'X-Forwarded-Host: evil.example'], 200],
    ['a page of nowhere', ['GET /v1/agents HTTP/1.1', 'Host: localhost', 'Origin: null'], 403],
    ['a page of a file', ['GET /v1/agents HTTP/1.1', 'Host: localhost', 'Origin: file://'], 403],
    ['a page of an extension', ['GET /v1/agents HTTP/1.1', 'Host: localhost', 'Origin: chrome-extension://abc'], 403],
    [
      'two origins',
      ['GET /v1/agents HTTP/1.1', 'Host: localhost', 'Origin: http://localhost http://evil.example'],
      403,
    ],
    [
      'a page of a name like ours',
      ['GET /v1/agents HTTP/1.1', 'Host: localhost', 'Origin: http://localhost.evil.example'],
      403,
    ],
  ])('%s is told apart', async (_, lines, status) => {
    expect(await statuses(crlf(...lines, 'Connection: close'))).toEqual([status])
  })
})

describe('what is too much is refused without being kept', () => {
  test('a body that is packed small is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    for (const path of ['/v1/agents/demo/messages', '/openai/v1/responses', '/mcp', '/v1/files']) {
      const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }
      const refused = await fetch(service.url + path, { method: 'POST', headers, body: bomb })
      expect(await problemOf(refused), path).toMatchObject({ status: 415 })
    }
  })

  test('a flood of bodies without an end leaves memory as it was', async () => {
    globalThis.gc?.()
    const before = process.memoryUsage().rss
    const chunk = `1000\r\n${'x'.repeat(4_096)}\r\n`
    await Promise.all(
      Array.from({ length: 200 }, () =>
        exchange(port, crlf(...toAgent, 'Transfer-Encoding: chunked') + chunk.repeat(8), 15_000),
      ),
    ).then((all) => {
      for (const { answers } of all) expect(answers.map(({ status }) => status)).toEqual([413])
    })
    expect((process.memoryUsage().rss - before) / 1_048_576).toBeLessThan(150)
  })

  test('a stated length that is too large is refused before the body comes', async () => {
    // It is answered and closed at once; 15 s is how long a busy machine may take for that.
    const { answers, closed } = await exchange(port, crlf(...toAgent, 'Content-Length: 999999999'), 15_000)
    expect(closed).toBe(true)
    expect(answers.map(({ status }) => status)).toEqual([413])
  })
})

test('cursors that nobody gave are refused on every list', async () => {
  const { session } = await service.asyncv.task((await service.asyncv.send({ agent: 'demo', text: 'hi' })).task)
  const { nextCursor } = await service.asyncv.tasks({ limit: 1 })
  const odd = [
    'x',
    '',
    'e30',
    'bnVsbA',
    '../..',
    '%00',
    'x'.repeat(5_000),
    Buffer.from("tasks:' or 1=1").toString('base64url'),
  ]
  for (const list of ['/v1/tasks', '/v1/sessions', `/v1/sessions/${session}/messages`, '/v1/deliveries', '/v1/files']) {
    for (const cursor of [...odd, ...(list === '/v1/tasks' ? [] : [nextCursor ?? 'x'])]) {
      const refused = await fetch(`${service.url}${list}?cursor=${encodeURIComponent(cursor)}`)
      expect([list, cursor.slice(0, 20), refused.status]).toEqual([list, cursor.slice(0, 20), 400])
    }
  }
})

test('a client that sends a byte now and then is cut within its time', async () => {
  const slow = [crlf(...toAgent, 'Content-Length: 5000'), 'GET /v1/agents HTTP/1.1\r\nHost: localhost\r\nX-Slow: ']
  const times = await Promise.all(
    slow.map(
      (begin) =>
        new Promise<number>((resolve) => {
          const begun = performance.now()
          const socket = connect(port, '127.0.0.1', () => socket.write(begin))
          const drip = setInterval(() => socket.write('x'), 500)
          socket.on('error', () => {})
          socket.resume()
          socket.on('close', () => {
            clearInterval(drip)
            resolve(performance.now() - begun)
          })
        }),
    ),
  )
  for (const time of times) expect(time).toBeLessThan(32_000)
}, 40_000)
