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

test('answers, with what was said before and the usage', async () => {
  const response = await client.responses.create({
    model: 'echo',
    instructions: 'Be kind.',
    input: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: [{ type: 'input_text', text: 'and now?' }] },
    ],
  })
  expect(response.output_text).toBe(
    'user: Instructions of the program that calls you:\nBe kind. | user: hi | assistant: Hello. | user: and now?',
  )
  expect(response).toMatchObject({ object: 'response', status: 'completed', model: 'echo', error: null })
  expect(response.usage).toMatchObject({ input_tokens: 7, output_tokens: 3, total_tokens: 10 })
  expect(await client.responses.retrieve(response.id)).toMatchObject({ id: response.id, status: 'completed' })
})

test('streams the same, and the client puts it together', async () => {
  const types: string[] = []
  const numbers: number[] = []
  const stream = client.responses.stream({ model: 'echo', input: 'hello there' })
  for await (const event of stream) {
    types.push(event.type)
    numbers.push(event.sequence_number)
  }
  const final = await stream.finalResponse()
  expect(final.output_text).toBe('user: hello there')
  expect(final.usage).toMatchObject({ total_tokens: 10 })
  expect(types.filter((type) => type !== 'response.output_text.delta')).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ])
  expect(numbers).toEqual(numbers.map((_, index) => index))
})

test('goes on with the conversation of an earlier response', async () => {
  const first = await client.responses.create({ model: 'echo', input: 'one' })
  const second = await client.responses.create({ model: 'echo', input: 'two', previous_response_id: first.id })
  expect(second.output_text).toBe('user: one | assistant: user: one | user: two')
  expect(second.previous_response_id).toBe(first.id)
  const other = client.responses.create({ model: 'demo', input: 'two', previous_response_id: first.id })
  await expect(other).rejects.toMatchObject({ status: 400, param: '/previous_response_id' })
  const both = client.responses.create(
    { model: 'echo', input: 'two', previous_response_id: first.id },
    { headers: { 'X-Asyncv-Session': 'x' } },
  )
  await expect(both).rejects.toMatchObject({ status: 400, message: expect.stringContaining('Send one of the two.') })
  const none = client.responses.create({ model: 'echo', input: 'two', previous_response_id: 'resp_nobody' })
  await expect(none).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found' })
})

test('works in the background until it is looked at, or cancelled', async () => {
  slow = gated()
  const begun = await client.responses.create({ model: 'late', input: 'x', background: true })
  expect(begun.status).toBe('queued')
  await slow.asked
  expect((await client.responses.retrieve(begun.id)).status).toBe('in_progress')
  slow.letGo()
  await expect.poll(async () => (await client.responses.retrieve(begun.id)).output_text).toBe('at last')

  slow = gated()
  const other = await client.responses.create({ model: 'late', input: 'y', background: true })
  await slow.asked
  await client.responses.cancel(other.id)
  await expect.poll(async () => (await client.responses.retrieve(other.id)).status).toBe('cancelled')
})

test('what fails is an error of the client’s, whole and streamed, and makes no second task', async () => {
  const before = (await service.asyncv.stats()).accepted
  await expect(client.responses.create({ model: 'broken', input: 'hi' })).rejects.toMatchObject({
    status: 502,
    code: 'provider_denied',
  })
  const failed: unknown[] = []
  for await (const event of await client.responses.create({ model: 'broken', input: 'hi', stream: true })) {
    if (event.type === 'response.failed') failed.push(event.response.error?.message)
  }
  expect(failed).toEqual([expect.stringContaining('provider_denied')])
  expect((await service.asyncv.stats()).accepted).toBe(before + 2)
  await expect(client.responses.create({ model: 'nobody', input: 'hi' })).rejects.toMatchObject({ status: 404 })
})

test('what is not done here is refused with the place', async () => {
  const tools = [{ type: 'function' as const, name: 'f', parameters: {}, strict: true }]
  const refused = client.responses.create({ model: 'echo', input: 'hi', tools })
  await expect(refused).rejects.toMatchObject({ status: 400, param: '/tools' })
  const image = [{ role: 'user' as const, content: [{ type: 'input_image' as const, detail: 'auto' as const }] }]
  await expect(client.responses.create({ model: 'echo', input: image })).rejects.toMatchObject({ status: 400 })
})

test('a client that leaves takes its task with it; a repeat with the same key joins it', async () => {
  slow = gated()
  const leave = new AbortController()
  const left = client.responses.create({ model: 'late', input: 'bye' }, { signal: leave.signal })
  await slow.asked
  leave.abort()
  await expect(left).rejects.toThrow()
  const last = async () => (await service.asyncv.tasks({ limit: 1 })).data[0]
  await expect.poll(async () => (await last())?.state).toBe('cancelled')

  const headers = { 'Idempotency-Key': 'response-1' }
  const one = await client.responses.create({ model: 'echo', input: 'once' }, { headers })
  const two = await client.responses.create({ model: 'echo', input: 'once' }, { headers })
  expect(two.id).toBe(one.id)
})

test('the operator goes on with the conversation of a response in whatever space that is', async () => {
  const operatorKey = `avk_operator_${'o'.repeat(43)}`
  const own = await openService({ echo }, {}, { operatorKey })
  const { key } = await own.asyncv.keys.create({ name: 'sales', space: 'sales' })
  const clientOf = (apiKey: string) => new OpenAI({ baseURL: `${own.url}/openai/v1`, apiKey, maxRetries: 0 })
  const first = await clientOf(key).responses.create({ model: 'echo', input: 'one' })
  const second = await clientOf(operatorKey).responses.create({
    model: 'echo',
    input: 'two',
    previous_response_id: first.id,
  })
  expect(second.output_text).toBe('user: one | assistant: user: one | user: two')
  await own.close()
})
