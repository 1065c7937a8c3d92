import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Asyncv, createAsyncv, offline, type Provider } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer } from './server.ts'
import type { Listening } from './listen.ts'

/** Answers when it is told to. */
let letGo: () => void = () => {}
const slow: Provider = {
  async *stream(_, { signal }) {
    await new Promise<void>((resolve) => {
      letGo = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    if (signal.aborted) return
    yield { type: 'text.delta', text: 'at last' }
    yield { type: 'finish', reason: 'stop' }
  },
}
const broken: Provider = {
  async *stream() {
    yield { type: 'error', error: { code: 'provider_denied', message: 'bad key', retryable: false } }
  },
}

let asyncv: Asyncv
let listening: Listening
let calls = 0
beforeAll(async () => {
  const counting: Provider = {
    async *stream(request, call) {
      calls++
      yield* offline().stream(request, call)
    },
  }
  asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    providers: { counting, slow, broken },
    agents: [
      { name: 'assistant', model: 'counting/demo', tools: ['calculator'] },
      { name: 'slow', model: 'slow/m' },
      { name: 'broken', model: 'broken/m' },
    ],
    replyTimeoutMs: 300,
  })
  await asyncv.start()
  listening = await createServer(asyncv).listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await listening.close({ graceMs: 0 })
  await asyncv.stop({ drainMs: 0 })
})

function post(agent: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${listening.url}/v1/agents/${agent}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  })
}

async function problem(response: Response): Promise<{ status: number; type: string | null } & Record<string, unknown>> {
  return { ...((await response.json()) as object), status: response.status, type: response.headers.get('content-type') }
}

test('answers a message', async () => {
  const response = await post('assistant', { session: 'u', text: 'what is 6 * 7' })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ session: 'u', reply: { text: expect.stringContaining('6 * 7 = 42') } })
})

test('a repeat with the same key gets the same answer and asks no model', async () => {
  const first = await (await post('assistant', { text: 'hi' }, { 'Idempotency-Key': 'k1' })).json()
  const before = calls
  expect(await (await post('assistant', { text: 'hi' }, { 'Idempotency-Key': 'k1' })).json()).toEqual(first)
  expect(calls).toBe(before)
})

test('the same key with another body is 422', async () => {
  await post('assistant', { text: 'hi' }, { 'Idempotency-Key': 'k2' })
  const response = await post('assistant', { text: 'other' }, { 'Idempotency-Key': 'k2' })
  expect(await problem(response)).toMatchObject({ status: 422, code: 'idempotency_conflict' })
})

test('streams what happens as events, the reply last', async () => {
  const response = await post('assistant', { text: 'hello' }, { Accept: 'text/event-stream' })
  const names = [...(await response.text()).matchAll(/^event: (.*)$/gm)].map(([, name]) => name)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect(names[0]).toBe('task.accepted')
  expect(names).toContain('text.delta')
  expect(names.at(-1)).toBe('task.finished')
})

test('a stream that fails ends with an error event, and what is refused is a problem with its status', async () => {
  const failed = await post('broken', { text: 'hello' }, { Accept: 'text/event-stream' })
  expect(await failed.text()).toMatch(/event: error\ndata: .*"code":"provider_denied"/)
  const refused = await post('nobody', { text: 'hello' }, { Accept: 'text/event-stream' })
  expect(await problem(refused)).toMatchObject({ status: 404, code: 'agent_unknown' })
})

test('answers 202 at once when asked to, and the task can be looked at', async () => {
  const response = await post('assistant', { text: 'later' }, { Prefer: 'respond-async' })
  expect(response.status).toBe(202)
  const { task, message } = (await response.json()) as { task: string; message: string }
  expect(response.headers.get('location')).toBe(`/v1/tasks/${task}`)
  await asyncv.reply(task)
  expect(await (await fetch(`${listening.url}/v1/tasks/${task}`)).json()).toMatchObject({ id: task, state: 'done' })
  const timeline = await (await fetch(`${listening.url}/v1/messages/${message}/timeline`)).json()
  expect(timeline).toMatchObject({
    entries: expect.arrayContaining([expect.objectContaining({ what: 'message.received' })]),
  })
})

test('an answer that takes longer than replyTimeoutMs becomes 202, and the task goes on', async () => {
  const response = await post('slow', { session: 'late', text: 'hi' })
  expect(response.status).toBe(202)
  const { task } = (await response.json()) as { task: string }
  letGo()
  expect(await asyncv.reply(task)).toMatchObject({ text: 'at last' })
})

test('cancel ends a running task, and the caller hears 409', async () => {
  const answer = post('slow', { session: 'cancelled', text: 'hi' })
  await sleep(100)
  const { data } = await asyncv.tasks({ state: 'running' })
  const [running] = data
  const response = await fetch(`${listening.url}/v1/tasks/${running?.id}/cancel`, { method: 'POST' })
  expect(response.status).toBe(200)
  expect(await problem(await answer)).toMatchObject({ status: 409, code: 'cancelled', task: running?.id })
})

test('a failed task is a problem with its task', async () => {
  expect(await problem(await post('broken', { text: 'hi' }))).toMatchObject({
    status: 502,
    code: 'provider_denied',
    task: expect.any(String),
    type: 'application/problem+json',
  })
})

const bad: [name: string, body: unknown, headers: Record<string, string>, status: number, code: string][] = [
  ['malformed JSON', '{"text": ', {}, 400, 'body_malformed'],
  ['no JSON', 'text=hi', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'type_unsupported'],
  ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), {}, 400, 'body_malformed'],
  ['an unknown key', { text: 'hi', sesion: 'x' }, {}, 400, 'input_invalid'],
  ['a wrong type', { text: 7 }, {}, 400, 'input_invalid'],
  ['no text', {}, {}, 400, 'input_invalid'],
  ['text and parts', { text: 'a', parts: [{ type: 'text', text: 'b' }] }, {}, 400, 'input_invalid'],
  ['an empty text', { text: '  ' }, {}, 400, 'input_invalid'],
  ['a session that is too long', { text: 'hi', session: 'x'.repeat(201) }, {}, 400, 'input_invalid'],
  ['a __proto__ key', '{"text":"hi","metadata":{"__proto__":{"admin":true}}}', {}, 400, 'body_malformed'],
  [
    'a __proto__ key in escapes',
    '{"text":"hi","metadata":{"\\u005f_proto__":{"admin":true}}}',
    {},
    400,
    'body_malformed',
  ],
  [
    'JSON 100,000 deep',
    `{"text":"hi","metadata":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    {},
    400,
    'body_malformed',
  ],
  ['a body over the limit', { text: 'x'.repeat(1_100_000) }, {}, 413, 'body_too_large'],
  ['a key that is too long', { text: 'hi' }, { 'Idempotency-Key': 'x'.repeat(201) }, 400, 'input_invalid'],
]
test.each(bad)('%s is refused with the place and the way out', async (_, body, headers, status, code) => {
  expect(await problem(await post('assistant', body, headers))).toMatchObject({
    status,
    code,
    type: 'application/problem+json',
  })
})

test('a chunked body over the limit is cut, not kept', async () => {
  const { hostname, port } = new URL(listening.url)
  const status = await new Promise<number>((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      path: '/v1/agents/assistant/messages',
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
    })
    request.on('response', (response) => resolve(response.statusCode ?? 0)).on('error', reject)
    for (let n = 0; n < 40; n++) request.write('x'.repeat(50_000))
  })
  expect(status).toBe(413)
})

test.each([
  ['an unknown path', 'GET', '/v2/nothing', 404],
  ['a wrong method', 'DELETE', '/v1/agents/assistant/messages', 405],
  ['an unknown task', 'GET', '/v1/tasks/none', 404],
  ['an unknown message', 'GET', '/v1/messages/none/timeline', 404],
])('%s is a problem', async (_, method, path, status) => {
  expect(await problem(await fetch(listening.url + path, { method }))).toMatchObject({
    status,
    type: 'application/problem+json',
  })
})

/** fetch does not let us lie about the host. */
function rawStatus(headers: string): Promise<string> {
  const { hostname, port } = new URL(listening.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET /livez HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`),
    )
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.on('end', () => resolve(text.split('\r\n')[0] ?? '')).on('error', reject)
  })
}

test.each([
  ['Host: localhost:7400', 200],
  ['Host: 127.0.0.1', 200],
  ['Host: [::1]:7400', 200],
  ['Host: evil.example', 421],
  ['Host: 127.0.0.1.evil.example', 421],
  ['Host: localhost\r\nOrigin: http://localhost:5173', 200],
  ['Host: localhost\r\nOrigin: https://evil.example', 403],
  ['Host: localhost\r\nOrigin: null', 403],
])('%s: %s', async (headers, status) => {
  expect(await rawStatus(headers)).toContain(` ${status} `)
})

test('only loopback is listened on', async () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.10', 'example.com']) {
    await expect(createServer(asyncv).listen({ host, port: 0 })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(host),
    })
  }
})

test('a port in use is named, with the way out', async () => {
  const port = Number(new URL(listening.url).port)
  await expect(createServer(asyncv).listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
    message: expect.stringContaining(String(port)),
    hint: expect.stringContaining('--port'),
  })
})

test('health, readiness, metrics and the OpenAPI document are there', async () => {
  const get = async (path: string): Promise<Response> => fetch(listening.url + path)
  expect((await get('/livez')).status).toBe(200)
  expect((await get('/healthz')).status).toBe(200)
  expect(await (await get('/readyz')).json()).toMatchObject({ ready: true })
  const metrics = await (await get('/metrics')).text()
  for (const name of [
    'inbox_depth',
    'outbox_pending',
    'uncertain_sends',
    'dead_letters',
    'tasks{state="running"}',
    'event_loop_delay_seconds',
    'resident_memory_bytes',
  ]) {
    expect(metrics).toContain(`asyncv_${name}`)
  }
  const { openapi, paths } = (await (await get('/openapi.json')).json()) as { openapi: string; paths: object }
  expect(openapi).toBe('3.1.0')
  expect(Object.keys(paths)).toContain('/v1/agents/{agent}/messages')
})

test('mounts without a port', async () => {
  const response = await createServer(asyncv).runtime.fetch(
    new Request('http://localhost/livez', { headers: { Host: 'localhost' } }),
  )
  expect(response.status).toBe(200)
})

test('close lets a request end', async () => {
  const own = await createServer(asyncv).listen({ host: '127.0.0.1', port: 0 })
  const answer = fetch(`${own.url}/v1/agents/assistant/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"text":"hi"}',
  })
  await sleep(5)
  await own.close({ graceMs: 2_000 })
  expect((await answer).status).toBe(200)
})
