import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { ModelEvent, ModelRequest, Provider } from 'asyncv'
import OpenAI from 'openai'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { openai, openaiProvider, type OpenaiOptions } from './index.ts'
import { type FakeModel, fakeModel, type FakeModelOptions } from './testing/index.ts'

const closing: (() => Promise<unknown> | undefined)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function service(options: FakeModelOptions = {}): Promise<FakeModel> {
  const model = await fakeModel(options)
  closing.push(() => model.close())
  return model
}

function provider(options: OpenaiOptions): Provider {
  const made = openai(options)
  closing.push(() => made.close?.())
  return made
}

const request: ModelRequest = {
  model: 'fake-model',
  instructions: '',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
  tools: [],
  maxOutputTokens: 10,
}

async function drain(provider: Provider, signal = new AbortController().signal): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of provider.stream(request, { signal, key: 'task/1' })) events.push(event)
  return events
}

/** A proxy, and what it was asked to reach. */
async function tunnelling(): Promise<{ through: string; tunnels: string[] }> {
  const tunnels: string[] = []
  const proxy = createServer()
  proxy.on('connect', ({ url = '' }, socket) => {
    tunnels.push(url)
    const [host, port] = url.split(':')
    const target = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
    target.pipe(socket).pipe(target)
    target.on('error', () => socket.destroy())
    socket.on('error', () => target.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await new Promise((resolve) => proxy.once('listening', resolve))
  closing.push(async () => proxy.close())
  const { port } = proxy.address() as AddressInfo
  return { through: `http://127.0.0.1:${port}`, tunnels }
}

test('shows its key, organization and headers to the service', async () => {
  const model = await service({ apiKey: 'sk-right-key' })
  await drain(
    provider({ baseURL: model.url, apiKey: 'sk-right-key', organization: 'org-1', headers: { 'X-Team': 'a' } }),
  )
  expect(model.requests[0]?.headers).toMatchObject({
    authorization: 'Bearer sk-right-key',
    'openai-organization': 'org-1',
    'x-team': 'a',
    'content-type': 'application/json',
  })
})

test('shows no key when there is none', async () => {
  const model = await service()
  await drain(provider({ baseURL: model.url }))
  expect(model.requests[0]?.headers).not.toHaveProperty('authorization')
})

test('tolerates a slash at the end of baseURL', async () => {
  const model = await service()
  expect((await drain(provider({ baseURL: `${model.url}/` }))).at(-1)).toEqual({ type: 'finish', reason: 'stop' })
})

test('names the limit on output tokens as the service wants it', async () => {
  const model = await service()
  await drain(provider({ baseURL: model.url }))
  await drain(provider({ baseURL: model.url, maxTokensField: 'max_completion_tokens' }))
  expect(model.requests[0]?.body).toMatchObject({ max_tokens: 10 })
  expect(model.requests[1]?.body).toMatchObject({ max_completion_tokens: 10 })
  expect(model.requests[1]?.body).not.toHaveProperty('max_tokens')
})

test('uses its connections again', async () => {
  const ports = new Set<number | undefined>()
  const server = createServer((incoming, response) => {
    ports.add(incoming.socket.remotePort)
    incoming.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closing.push(async () => server.close())
  const { port } = server.address() as AddressInfo
  const model = provider({ baseURL: `http://127.0.0.1:${port}/v1` })
  for (let n = 0; n < 10; n++) await drain(model)
  // Two: the next call may begin before the end of a response follows its [DONE].
  expect(ports.size).toBeLessThanOrEqual(2)
})

test('reads an answer that a service sent whole though a stream was asked for', async () => {
  const whole = JSON.stringify({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] })
  const model = await service({ reply: () => ({ raw: [whole], contentType: 'application/json; charset=utf-8' }) })
  expect(await drain(provider({ baseURL: model.url }))).toEqual([
    { type: 'text.delta', text: 'Hi' },
    { type: 'finish', reason: 'stop' },
  ])
})

test('takes a page of something else for an unreadable answer, and says where to look', async () => {
  const model = await service({ reply: () => ({ raw: ['<html>Log in</html>'], contentType: 'text/html' }) })
  expect(await drain(provider({ baseURL: model.url }))).toMatchObject([
    { type: 'error', error: { code: 'provider_unavailable', hint: expect.stringContaining('baseURL') } },
  ])
})

test('refuses an event above its limit instead of keeping it', async () => {
  const piece = 'x'.repeat(1024 * 1024)
  const model = await service({ reply: () => ({ raw: ['data: ', ...Array.from({ length: 10 }, () => piece)] }) })
  expect(await drain(provider({ baseURL: model.url }))).toMatchObject([
    { type: 'error', error: { code: 'provider_unavailable', message: expect.stringContaining('8388608 bytes') } },
  ])
})

test('times out on the whole when the pieces keep coming', async () => {
  const chunks = Array.from({ length: 100 }, () => 'word ')
  const model = await service({ reply: () => ({ chunks, chunkDelayMs: 20 }) })
  const events = await drain(provider({ baseURL: model.url, timeouts: { totalMs: 200, gapMs: 150 } }))
  expect(events.at(-1)).toMatchObject({
    type: 'error',
    error: { code: 'provider_timeout', message: expect.stringContaining('totalMs') },
  })
  await expect.poll(() => model.requests[0]?.outcome).toBe('cut')
})

test('does not time out while the pieces keep coming', async () => {
  const model = await service({ reply: () => ({ chunks: Array(10).fill('w '), chunkDelayMs: 30 }) })
  const events = await drain(provider({ baseURL: model.url, timeouts: { firstByteMs: 150, gapMs: 150 } }))
  expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
})

test('goes through a proxy, and around it for the hosts it is told', async () => {
  const model = await service()
  const { through, tunnels } = await tunnelling()
  const options = { baseURL: model.url, timeouts: { firstByteMs: 3_000 } }
  for (const setting of [through, { http: through }, { http: through, noProxy: '127.0.0.1' }]) {
    const events = await drain(provider({ ...options, proxy: setting }))
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
  }
  expect(tunnels).toEqual([`127.0.0.1:${model.port}`, `127.0.0.1:${model.port}`])
})

test.each([
  ['https', 'http', 0],
  ['https', 'https', 1],
  ['http', 'https', 0],
  ['http', 'http', 1],
])('asked for %s with a proxy for %s, goes through it %i times', async (protocol, proxied, times) => {
  const model = await service()
  const { through, tunnels } = await tunnelling()
  // The service speaks no TLS; what counts is where the call goes.
  await drain(provider({ baseURL: model.url.replace(/^http/, protocol), proxy: { [proxied]: through } }))
  expect(tunnels).toHaveLength(times)
})

test('lists models, and says why it cannot', async () => {
  const model = await service({ apiKey: 'sk-right-key', models: ['a', 'b'] })
  const right = provider({ baseURL: model.url, apiKey: 'sk-right-key' })
  const wrong = provider({ baseURL: model.url, apiKey: 'sk-wrong-key' })
  expect(await right.models?.()).toEqual([{ id: 'a' }, { id: 'b' }])
  expect(await right.test?.()).toEqual({
    ok: true,
    latencyMs: expect.any(Number),
    detail: new URL(model.url).host,
    models: ['a', 'b'],
  })
  await expect(wrong.models?.()).rejects.toMatchObject({ code: 'provider_denied' })
  expect(await wrong.test?.()).toMatchObject({ ok: false, hint: expect.stringContaining('apiKey') })
})

test('lists models through an official client', async () => {
  const model = await service({ models: ['a'] })
  const overClient = openai({ client: new OpenAI({ apiKey: 'sk-any-key', baseURL: model.url }) })
  expect(await overClient.models?.()).toEqual([{ id: 'a' }])
})

test('lets its last events out when it is closed', async () => {
  const model = await service({ reply: () => ({ delayMs: Number.POSITIVE_INFINITY }) })
  const made = openai({ baseURL: model.url })
  const draining = drain(made)
  await expect.poll(() => model.count).toBe(1)
  await made.close?.()
  expect(await draining).toMatchObject([{ type: 'error', error: { code: 'provider_unavailable' } }])
})

test('works again after it was closed', async () => {
  const made = provider({ baseURL: (await service()).url })
  await drain(made)
  await made.close?.()
  expect((await drain(made)).at(-1)).toEqual({ type: 'finish', reason: 'stop' })
})

test('keeps its key out of every error', async () => {
  const apiKey = 'very-secret-key-1'
  const model = await service({ reply: ({ messages }) => ({ status: 400, body: `no: ${apiKey} ${messages.length}` }) })
  expect(JSON.stringify(await drain(provider({ baseURL: model.url, apiKey })))).not.toContain(apiKey)
})

test.each([
  [{ apiKey: 'sk-abc\n' }, 'openai.apiKey: is empty, or has a space or line break in it'],
  [{ apiKey: '' }, 'openai.apiKey'],
  [{ baseURL: 'localhost:1234' }, 'openai.baseURL: give an http:// or https:// address'],
  [{ timeouts: { gapMs: 0 } }, 'openai.timeouts.gapMs'],
  [{ timeouts: { totalMs: 2 ** 31 } }, 'openai.timeouts.totalMs'],
  [{ retries: 3 }, 'retries'],
])('refuses the options %j with their place', (options, place) => {
  expect(() => openai(options as OpenaiOptions)).toThrow(expect.objectContaining({ code: 'config_invalid' }))
  expect(() => openai(options as OpenaiOptions)).toThrow(place)
  expect(() => openai(options as OpenaiOptions)).not.toThrow('sk-abc')
})

test('is made by name from checked options that have a JSON Schema', () => {
  expect(openaiProvider).toMatchObject({ kind: 'provider', type: 'openai' })
  expect(z.toJSONSchema(openaiProvider.options, { io: 'input' })).toMatchObject({ additionalProperties: false })
})
