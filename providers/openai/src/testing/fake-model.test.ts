import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeModel, fakeModel } from './index.ts'

let model: FakeModel
beforeEach(async () => {
  model = await fakeModel({ apiKey: 'sk-key' })
})
afterEach(() => model.close())

const user = (content: string) => ({ role: 'user', content })

function post(body: unknown, key = 'sk-key'): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  return fetch(`${model.url}/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) })
}

test('echoes whole, and keeps what it was asked', async () => {
  const response = await post({ model: 'm', messages: [user('hi there')] })
  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: 'You said: hi there' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 2, completion_tokens: 4 },
  })
  await expect.poll(() => model.requests[0]?.outcome).toBe('completed')
  expect(model.requests[0]?.body.messages).toEqual([user('hi there')])
})

test('streams, and tells usage only when it is asked to', async () => {
  const plain = await (await post({ model: 'm', stream: true, messages: [user('hi')] })).text()
  const counted = await (
    await post({ model: 'm', stream: true, stream_options: { include_usage: true }, messages: [user('hi')] })
  ).text()
  expect(plain).toMatch(/^data: \{.*"content":"You ".*\n\n[\s\S]*"finish_reason":"stop"[\s\S]*data: \[DONE\]\n\n$/)
  expect(plain).not.toContain('usage')
  expect(counted).toContain('"choices":[],"usage":{"prompt_tokens":1')
})

test('knows its key', async () => {
  expect((await post({ model: 'm', messages: [user('hi')] }, 'sk-other')).status).toBe(401)
})

test.each([
  ['no model', { messages: [user('hi')] }],
  ['no messages', { model: 'm', messages: [] }],
  ['a result without its call', { model: 'm', messages: [{ role: 'tool', tool_call_id: 'a', content: '' }] }],
  [
    'a call without its result',
    {
      model: 'm',
      messages: [
        { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 't', arguments: '' } }] },
        user('hi'),
      ],
    },
  ],
])('refuses a request with %s, as the service does', async (_, body) => {
  expect((await post(body)).status).toBe(400)
})

test('sees a client leave', async () => {
  await model.close()
  model = await fakeModel({ reply: () => ({ delayMs: 60_000 }) })
  const controller = new AbortController()
  const body = JSON.stringify({ model: 'm', messages: [user('hi')] })
  const asking = fetch(`${model.url}/chat/completions`, { method: 'POST', body, signal: controller.signal })
  await expect.poll(() => model.count).toBe(1)
  controller.abort()
  await expect(asking).rejects.toThrow()
  await expect.poll(() => model.requests[0]?.outcome).toBe('cut')
})
