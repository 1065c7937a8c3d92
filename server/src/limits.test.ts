import { afterEach, expect, test, vi } from 'vitest'
import { counting, gated, openService, problemOf, type Service } from './service.fixture.ts'

const sse = { Accept: 'text/event-stream' }

let service: Service
afterEach(() => service.close())

test('as many streams as are allowed, and one more when one has ended', async () => {
  const slow = gated()
  service = await openService({ slow }, {}, { limits: { streams: 1 } })
  const first = await service.post('slow', { text: 'hi' }, sse)
  const refused = await service.post('slow', { text: 'hi' }, sse)
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(await problemOf(refused)).toMatchObject({ status: 503, code: 'streams_full' })
  expect((await service.asyncv.tasks()).data).toHaveLength(1)
  slow.letGo()
  await first.text()
  expect((await service.post('nobody', { text: 'hi' }, sse)).status).toBe(404)
  expect((await service.post('slow', { text: 'hi' }, sse)).status).toBe(200)
})

test('a call of an MCP host is a stream while it is under way', async () => {
  const slow = gated()
  service = await openService({ slow, assistant: counting() }, {}, { limits: { streams: 2 } })
  const call = (agent: string, id: number) =>
    fetch(`${service.url}/mcp`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'Mcp-Protocol-Version': '2025-06-18',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id,
        method: 'tools/call',
        params: { name: `ask_${agent}`, arguments: { text: 'hi' } },
      }),
    })
  const first = call('slow', 1)
  await slow.asked
  const second = await service.post('slow', { text: 'hi' }, sse)
  expect(await problemOf(await call('assistant', 2))).toMatchObject({ status: 503, code: 'streams_full' })
  slow.letGo()
  expect(await (await first).text()).toContain('at last')
  await second.text()
  for (let n = 3; n < 8; n++) expect((await call('assistant', n)).status).toBe(200)
})

test('a HEAD of a stream leaves none open', async () => {
  service = await openService({ assistant: counting() }, { events: { keepMs: 60_000 } }, { limits: { streams: 1 } })
  for (let n = 0; n < 3; n++) {
    const head = await fetch(`${service.url}/v1/events`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  }
  expect((await fetch(`${service.url}/v1/events?after=9`, { method: 'HEAD' })).status).toBe(410)
})

test('each key has its own rate, and who is over it is told when to come again', async () => {
  service = await openService({ assistant: counting() }, {}, { limits: { requestsPerMinute: 2 } })
  const keys = await Promise.all(['a', 'b'].map((name) => service.asyncv.keys.create({ name })))
  const ask = (n: number, headers: Record<string, string> = {}) =>
    service.post('assistant', { text: 'hi' }, { Authorization: `Bearer ${keys[n]?.key}`, ...headers })
  expect((await ask(0)).headers.get('ratelimit')).toBe('"minute";r=1;t=30')
  await ask(0)
  const refused = await ask(0)
  expect(refused.headers.get('retry-after')).toBe('30')
  expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'rate_limited' })
  expect((await ask(1)).status).toBe(200)
  expect((await service.asyncv.stats()).accepted).toBe(3)
  expect((await fetch(`${service.url}/livez`)).status).toBe(200)
})

test('streams and problems say what is left, too', async () => {
  service = await openService({ assistant: counting() }, {}, { limits: { requestsPerMinute: 60 } })
  const stream = await service.post('assistant', { text: 'hi' }, sse)
  expect(await stream.text()).toContain('task.finished')
  const problem = await service.post('nobody', { text: 'hi' })
  expect([stream, problem].map(({ headers }) => headers.get('ratelimit'))).toEqual([
    '"minute";r=59;t=1',
    '"minute";r=58;t=1',
  ])
  expect(problem.headers.get('x-request-id')).toBe((await problemOf(problem))['requestId'])
})

test('a wrong limit is refused with its place and value', async () => {
  service = await openService({ assistant: counting() })
  const wrong = (options: object) => openService({ assistant: counting() }, {}, options)
  await expect(wrong({ limits: { pingMs: 5 } })).rejects.toThrow(/server\.limits\.pingMs: .*>=100 \(it is 5\)/)
  await expect(wrong({ limits: { stream: 5 } })).rejects.toThrow(/server\.limits: Unrecognized key: "stream"/)
  await expect(wrong({ publicUrl: 'nonsense' })).rejects.toThrow(/server\.publicUrl: Invalid URL \(it is "nonsense"\)/)
})

test('a client that leaves is no failure of anything, and nothing waits for it', async () => {
  const said: string[] = []
  const log = (_: object, message: string): void => void said.push(message)
  const logger = { debug: log, info: log, warn: log, error: log }
  const gates = ['messages', 'chat', 'responses', 'mcp'].map((name) => [name, gated()] as const)
  service = await openService(Object.fromEntries(gates), {}, { logger })
  const params = { name: 'ask_mcp', arguments: { text: 'hi' } }
  const send = vi.spyOn(service.asyncv, 'send')
  const bodies: Record<string, [string, object]> = {
    messages: ['/v1/agents/messages/messages', { text: 'hi' }],
    chat: ['/openai/v1/chat/completions', { model: 'chat', messages: [{ role: 'user', content: 'hi' }] }],
    responses: ['/openai/v1/responses', { model: 'responses', input: 'hi' }],
    mcp: ['/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params }],
  }
  for (const [name, gate] of gates) {
    const [path, body] = bodies[name] ?? ['', {}]
    const leave = new AbortController()
    const asked = fetch(service.url + path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: name === 'mcp' ? 'application/json, text/event-stream' : 'application/json',
        'Idempotency-Key': 'x',
        'Mcp-Protocol-Version': '2025-06-18',
      },
      body: JSON.stringify(body),
      signal: leave.signal,
    }).then((response) => response.text())
    await gate.asked
    leave.abort()
    await expect(asked).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(send.mock.settledResults.filter(({ type }) => type === 'incomplete')).toEqual([])
    gate.letGo()
  }
  await expect.poll(async () => (await service.asyncv.stats()).ended.done).toBe(4)
  expect(said).toEqual(Array(4).fill('a request made a task'))
})
