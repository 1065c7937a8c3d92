import { setTimeout as sleep } from 'node:timers/promises'
import { offline, type Provider } from 'asyncv'
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { broken, echo, gated, openService, type Service } from '../service.fixture.ts'

let slow = gated()
let service: Service
let client: OpenAI
beforeAll(async () => {
  const late: Provider = { stream: (...call) => slow.stream(...call) }
  service = await openService({ echo, broken, late, demo: offline() })
  client = new OpenAI({ baseURL: `${service.url}/openai/v1`, apiKey: 'none', maxRetries: 2 })
})
afterAll(() => service.close())

const hello = [{ role: 'user', content: 'hello' }] as const

test('agents are the models', async () => {
  const names = []
  for await (const { id } of client.models.list()) names.push(id)
  expect(names).toEqual(['echo', 'broken', 'late', 'demo'])
  expect(await client.models.retrieve('echo')).toMatchObject({ id: 'echo', object: 'model', owned_by: 'asyncv' })
  await expect(client.models.retrieve('nobody')).rejects.toMatchObject({ status: 404, code: 'agent_unknown' })
})

test('answers, with what was said before and the usage', async () => {
  const answer = await client.chat.completions.create({
    model: 'echo',
    temperature: 0,
    messages: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [{ type: 'text', text: 'Hello.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'and ' },
          { type: 'text', text: 'now?' },
        ],
      },
    ],
  })
  expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant' } })
  expect(answer.choices[0]?.message.content).toBe(
    'user: Instructions of the program that calls you:\nBe kind. | user: hi | assistant: Hello. | user: and now?',
  )
  expect(answer.usage).toEqual({ prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 })
})

test('streams the same, piece by piece, with the usage where it is asked for', async () => {
  const pieces: string[] = []
  let usage: unknown = null
  const options = { stream: true, stream_options: { include_usage: true } } as const
  for await (const { choices, usage: counted } of await client.chat.completions.create({
    model: 'echo',
    messages: [...hello],
    ...options,
  })) {
    if (choices[0]?.delta.content) pieces.push(choices[0].delta.content)
    usage = counted ?? usage
  }
  expect(pieces.join('')).toBe('user: hello')
  expect(usage).toMatchObject({ total_tokens: 10 })
})

test('each call is a conversation of its own; with its id the next one goes on, also with what was brought along', async () => {
  const { data, response } = await client.chat.completions
    .create({
      model: 'echo',
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
        { role: 'user', content: 'c' },
      ],
    })
    .withResponse()
  expect(data.choices[0]?.message.content).toBe('user: a | assistant: b | user: c')
  expect(response.headers.get('x-asyncv-task')).toBe(data.id.replace('chatcmpl-', ''))
  const next = await client.chat.completions.create(
    { model: 'echo', messages: [{ role: 'user', content: 'd' }] },
    { headers: { 'X-Asyncv-Session': response.headers.get('x-asyncv-session') ?? '' } },
  )
  expect(next.choices[0]?.message.content).toBe(
    'user: a | assistant: b | user: c | assistant: user: a | assistant: b | user: c | user: d',
  )
  const alone = await client.chat.completions.create({ model: 'echo', messages: [...hello] })
  expect(alone.choices[0]?.message.content).toBe('user: hello')
})

test('what failed is not asked for again by the client, whole or streamed', async () => {
  const before = (await service.asyncv.stats()).ended.failed
  const ask = { model: 'broken', messages: [...hello] }
  await expect(client.chat.completions.create(ask)).rejects.toMatchObject({ status: 502, code: 'provider_denied' })
  const stream = await client.chat.completions.create({ ...ask, stream: true })
  const read = async (): Promise<void> => {
    for await (const _ of stream);
  }
  await expect(read()).rejects.toMatchObject({ code: 'provider_denied' })
  expect((await service.asyncv.stats()).ended.failed).toBe(before + 2)
})

test.each([
  ['/tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
  ['/response_format', { response_format: { type: 'json_object' } }],
  ['/n', { n: 2 }],
  ['/messages/0/content', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] }],
  ['/messages/1/role', { messages: [...hello, { role: 'assistant', content: 'hm' }] }],
  ['/messages/0/role', { messages: [{ role: 'tool', tool_call_id: 'x', content: '1' }] }],
])('refuses what it does not do, and names the place: %s', async (param, more) => {
  const ask = client.chat.completions.create({ model: 'echo', messages: [...hello], ...more } as never)
  await expect(ask).rejects.toMatchObject({ status: 400, type: 'invalid_request_error', param })
})

test('a repeat with the same idempotency key gets the same answer', async () => {
  const ask = () =>
    client.chat.completions.create({ model: 'echo', messages: [...hello] }, { headers: { 'Idempotency-Key': 'same' } })
  expect((await ask()).id).toBe((await ask()).id)
  const other = client.chat.completions.create(
    { model: 'echo', messages: [{ role: 'user', content: 'x' }, { role: 'assistant', content: 'y' }, ...hello] },
    { headers: { 'Idempotency-Key': 'same' } },
  )
  await expect(other).rejects.toMatchObject({ status: 422, code: 'idempotency_conflict' })
})

test.each([true, false])(
  'a client that leaves cancels its task, unless it could ask again (streamed: %s)',
  async (stream) => {
    for (const key of [null, `k-${stream}`]) {
      slow = gated()
      const leaving = new AbortController()
      const headers = key === null ? {} : { 'Idempotency-Key': key }
      const asked = client.chat.completions
        .create({ model: 'late', messages: [...hello], stream }, { signal: leaving.signal, headers })
        .then(async (answer) => {
          if (Symbol.asyncIterator in answer) for await (const _ of answer);
        })
      asked.catch(() => {})
      await slow.asked
      leaving.abort()
      await asked.catch(() => {})
      const newest = async () => (await service.asyncv.tasks({ limit: 1 })).data[0]
      for (let tries = 0; tries < 50 && (await newest())?.state === 'running' && key === null; tries++) await sleep(20)
      expect((await newest())?.state).toBe(key === null ? 'cancelled' : 'running')
      slow.letGo()
      for (let tries = 0; tries < 50 && (await newest())?.state === 'running'; tries++) await sleep(20)
    }
  },
)
