import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { counting, openService, problemOf, type Service } from './service.fixture.ts'

let service: Service
beforeAll(async () => {
  service = await openService({ assistant: counting() })
})
// Whatever was thrown at it, it goes on.
afterAll(async () => {
  expect((await service.post('assistant', { text: 'still there?' })).status).toBe(200)
  await service.close()
})

const deep = 100_000
type Case = [
  name: string,
  body: unknown,
  status: number,
  code: string,
  detail: RegExp,
  headers?: Record<string, string>,
]
const bodies: Case[] = [
  ['malformed JSON', '{"text": hi}', 400, 'body_malformed', /line 1, column 10: expected a value/],
  ['an empty body', '', 400, 'body_malformed', /line 1, column 1/],
  ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, 'body_malformed', /UTF-8/],
  ['JSON 100,000 arrays deep', '['.repeat(deep) + ']'.repeat(deep), 400, 'body_malformed', /64 levels/],
  ['JSON 100,000 objects deep', `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`, 400, 'body_malformed', /64 levels/],
  ['100,000 brackets that never close', '{"text":'.repeat(deep), 400, 'body_malformed', /64 levels/],
  ['a __proto__ key', '{"text":"hi","__proto__":{"a":1}}', 400, 'body_malformed', /__proto__/],
  ['a deeper __proto__ key', '{"text":"hi","metadata":{"a":[{"__proto__":1}]}}', 400, 'body_malformed', /__proto__/],
  ['a __proto__ key in escapes', '{"text":"hi","metadata":{"\\u005f_proto__":1}}', 400, 'body_malformed', /__proto__/],
  ['a body over the limit', { text: 'x'.repeat(1_100_000) }, 413, 'body_too_large', /1048576 bytes/],
  ['no object', '"hi"', 400, 'input_invalid', /object/],
  ['a wrong type', { text: 7 }, 400, 'input_invalid', /^\/text: .*string/],
  ['an unknown key', { text: 'hi', sesion: 'x' }, 400, 'input_invalid', /^\/sesion: unknown key/],
  ['the key constructor', '{"text":"hi","constructor":{"prototype":{}}}', 400, 'input_invalid', /^\/constructor/],
  ['the key toString', '{"text":"hi","toString":1}', 400, 'input_invalid', /^\/toString/],
  ['a part of an unknown type', { parts: [{ type: 'video', text: 'x' }] }, 400, 'input_invalid', /^\/parts\/0\/type/],
  ['a session that is no text', { text: 'hi', session: '\ud800' }, 400, 'input_invalid', /surrogate/],
  ['no text', {}, 400, 'input_invalid', /text or parts/],
  ['text and parts', { text: 'a', parts: [{ type: 'text', text: 'b' }] }, 400, 'input_invalid', /text or parts/],
  ['an empty text', { text: ' \n' }, 400, 'input_invalid', /no text/],
  ['an unknown whenBusy', { text: 'hi', whenBusy: 'panic' }, 400, 'input_invalid', /^\/whenBusy/],
  ['metadata that is a list', { text: 'hi', metadata: [] }, 400, 'input_invalid', /^\/metadata/],
  ['an empty session', { text: 'hi', session: '' }, 400, 'input_invalid', /^\/session/],
  ['a long session', { text: 'hi', session: 'x'.repeat(201) }, 400, 'input_invalid', /^\/session/],
  ['half a character as session', '{"text":"hi","session":"\\ud800"}', 400, 'input_invalid', /session/],
  ['a long key', { text: 'hi' }, 400, 'input_invalid', /idempotencyKey/, { 'Idempotency-Key': 'x'.repeat(201) }],
  ['an empty key', { text: 'hi' }, 400, 'input_invalid', /idempotencyKey/, { 'Idempotency-Key': '' }],
  ['a form', 'text=hi', 415, 'type_unsupported', /x-www-form/, { 'Content-Type': 'application/x-www-form-urlencoded' }],
  ['plain text', '{"text":"hi"}', 415, 'type_unsupported', /text\/plain/, { 'Content-Type': 'text/plain' }],
  ['a type cut short', '{"text":"hi"}', 415, 'type_unsupported', /json; v"/, { 'Content-Type': 'application/json; v' }],
  ['another charset', '{}', 415, 'type_unsupported', /utf-16/, { 'Content-Type': 'application/json; charset=utf-16' }],
  ['a compressed body', '{"text":"hi"}', 415, 'type_unsupported', /gzip/, { 'Content-Encoding': 'gzip' }],
]
test.each(bodies)('%s is refused with the place and the way out', async (_, body, status, code, detail, headers) => {
  const problem = await problemOf(await service.post('assistant', body, headers))
  expect(problem).toMatchObject({ status, code, detail: expect.stringMatching(detail) })
  expect(problem).toMatchObject({ type: 'application/problem+json', requestId: expect.any(String) })
  expect(problem['hint'] ?? problem['errors']).toBeTruthy()
})

test('every place that is wrong is named', async () => {
  const { errors } = await problemOf(await service.post('assistant', { text: 7, 'a/b~c': 1, metadata: 2 }))
  const pointers = (errors as { pointer: string }[]).map(({ pointer }) => pointer)
  expect(pointers.sort()).toEqual(['/a~1b~0c', '/metadata', '/text'])
})

test('no error repeats what was written', async () => {
  const secret = 'swordfish'
  for (const body of [`{"text": "${secret}`, `{"text": ${secret}}`, { text: { [secret]: 1 } }, { text: [secret] }]) {
    expect(JSON.stringify(await problemOf(await service.post('assistant', body)))).not.toContain(secret)
  }
})

test.each([
  'application/json; charset=utf-8',
  'application/json;charset="UTF-8"',
  'Application/JSON',
  'application/json; v=1',
  'application/json;v="a; b";charset=utf-8',
  // RFC 9110, section 5.6.6: spaces go on either side, and a parameter may be missing.
  'application/json ; charset=utf-8',
  'application/json;',
  'application/json; ; charset=utf-8 ;',
])('takes %s', async (type) => {
  expect((await service.post('assistant', { text: 'hi' }, { 'Content-Type': type })).status).toBe(200)
})

test('a type that goes on and on is refused at once', async () => {
  const begun = performance.now()
  for (const type of [`application/json${' ;'.repeat(5_000)}!`, `application/json;${' '.repeat(10_000)}!`]) {
    expect((await service.post('assistant', { text: 'hi' }, { 'Content-Type': type })).status).toBe(415)
  }
  expect(performance.now() - begun).toBeLessThan(1_000)
})

test('harmless odd keys inside metadata go through', async () => {
  const response = await service.post('assistant', '{"text":"hi","metadata":{"constructor":1,"toString":2}}')
  expect(response.status).toBe(200)
  expect(({} as Record<string, unknown>)['a']).toBeUndefined()
})

test.each([
  ['an unknown path', 'GET', '/v2/nothing', 404, 'route_unknown', null],
  ['a missing id', 'GET', '/v1/tasks/', 404, 'route_unknown', null],
  ['a wrong method', 'DELETE', '/v1/agents/assistant/messages', 405, 'method_refused', 'POST'],
  ['a wrong method of what can be read', 'POST', '/livez', 405, 'method_refused', 'GET, HEAD'],
  ['an unknown task', 'GET', '/v1/tasks/none', 404, 'task_unknown', null],
  ['an unknown task to cancel', 'POST', '/v1/tasks/none/cancel', 404, 'task_unknown', null],
  ['an unknown message', 'GET', '/v1/messages/none/timeline', 404, 'message_unknown', null],
  ['an id of odd bytes', 'GET', '/v1/tasks/%00%ff%2f..', 404, 'task_unknown', null],
])('%s is a problem', async (_, method, path, status, code, allow) => {
  const response = await fetch(service.url + path, { method })
  expect(response.headers.get('allow')).toBe(allow)
  expect(await problemOf(response)).toMatchObject({ status, code, type: 'application/problem+json' })
})

test('HEAD is GET without its body', async () => {
  const response = await fetch(`${service.url}/livez`, { method: 'HEAD' })
  expect([response.status, await response.text()]).toEqual([200, ''])
  expect((await fetch(`${service.url}/nothing`, { method: 'HEAD' })).status).toBe(404)
})

const end = 'Host: localhost\r\nConnection: close\r\n\r\n'
test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['a host with a blank', 'GET /livez HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
  ['a path with a broken escape', `GET /v1/tasks/%E0%A4%A HTTP/1.1\r\n${end}`, 404],
  ['a path with backslashes', `GET /v1\\tasks HTTP/1.1\r\n${end}`, 400],
  ['a path of two slashes', `GET //evil.example/livez HTTP/1.1\r\n${end}`, 404],
  ['a path that climbs', `GET /v1/../../etc/passwd HTTP/1.1\r\n${end}`, 404],
  ['a star for a path', `OPTIONS * HTTP/1.1\r\n${end}`, 400],
  ['a method nobody has', `PURGE /livez HTTP/1.1\r\n${end}`, 405],
  ['TRACE', `TRACE /livez HTTP/1.1\r\n${end}`, 405],
  ['TRACE of a webhook', `TRACE /connectors/tg HTTP/1.1\r\n${end}`, 405],
  ['two lengths', `POST /livez HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n${end}x`, 400],
  ['a length and chunks', `POST /livez HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n${end}`, 400],
  ['a bare line feed in a header', `GET /livez HTTP/1.1\r\nX: a\nTransfer-Encoding: chunked\r\n${end}`, 400],
  ['headers over the limit', `GET /livez HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n${end}`, 431],
])('%s is no 5xx, and no 2xx', async (_, request, status) => {
  expect(await service.raw(request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
})

const head = `POST /v1/agents/assistant/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`

test('a chunked body within the limit is taken', async () => {
  const answer = await service.raw(
    `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"text":\r\n5\r\n"hi"}\r\n0\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
})

test('a client that leaves in the middle of its body is no failure of the service', async () => {
  const logged: unknown[] = []
  const note = (...line: unknown[]): void => void logged.push(line)
  const logger = { debug: () => {}, info: () => {}, warn: note, error: note }
  const own = await openService({ assistant: counting() }, {}, { logger })
  await new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(own.url).port), '127.0.0.1', () => {
      socket.write(`${head}Content-Length: 100\r\n\r\n{"text":`, () => socket.destroy())
    }).on('close', () => resolve())
  })
  expect((await own.post('assistant', { text: 'hi' })).status).toBe(200)
  expect(logged).toEqual([])
  await own.close()
})

test.each([
  ['that states its length', `${head}Content-Length: 10000000000\r\n\r\n`, 'x'.repeat(65_536)],
  ['in chunks', `${head}Transfer-Encoding: chunked\r\n\r\n`, `10000\r\n${'x'.repeat(65_536)}\r\n`],
])('an endless body %s is refused, then cut', async (_, start, chunk) => {
  const { port } = new URL(service.url)
  const answer = await new Promise<string>((resolve) => {
    let text = ''
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(start)
      const flood = (): void => {
        while (socket.writable && socket.write(chunk));
        if (socket.writable) socket.once('drain', flood)
      }
      flood()
    })
    socket.on('data', (data) => (text += data.toString()))
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
})
