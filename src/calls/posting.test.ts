import { expect, test } from 'vitest'
import { runtimes } from '../testing/runtimes.fixture.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { scripted } from '../testing/scripted.ts'

const { started } = runtimes()

test('a post is cut to what the platform takes, and its key stands for one text', async () => {
  const chat = fakeConnector({ textLimit: 10 })
  const asyncv = await started(scripted([]), { connectors: { chat } })
  const post = { connector: 'chat', conversation: 'ada', idempotencyKey: 'k' }
  await asyncv.post({ ...post, text: 'five words that are many' })
  await chat.next('ada', ({ text }) => text.includes('many'))
  expect(chat.sent.map(({ text }) => text).every(({ length }) => length <= 10)).toBe(true)
  await asyncv.post({ ...post, text: 'five words that are many' })
  await expect(asyncv.post({ ...post, text: 'other' })).rejects.toMatchObject({ code: 'idempotency_conflict' })
  // Longer words under the same key, too: not even what would be new of them is said.
  const longer = { ...post, text: 'five words that are many and more of them' }
  await expect(asyncv.post(longer)).rejects.toMatchObject({ code: 'idempotency_conflict' })
  await expect(asyncv.post({ ...post, text: '  ' })).rejects.toMatchObject({ code: 'input_invalid' })
  expect(chat.shown('ada')).toHaveLength(chat.sent.length)
})

test('the key of a post never stands for a piece of another one', async () => {
  const chat = fakeConnector({ textLimit: 10 })
  const asyncv = await started(scripted([]), { connectors: { chat } })
  const post = { connector: 'chat', conversation: 'ada' }
  await asyncv.post({ ...post, idempotencyKey: 'order', text: 'in several pieces' })
  await asyncv.post({ ...post, idempotencyKey: 'order/1', text: 'another' })
  await asyncv.post({ ...post, idempotencyKey: '1/order', text: 'and one' })
  await chat.next('ada', ({ text }) => text === 'and one')
  expect(chat.sent.map(({ text }) => text)).toEqual(['in several', 'pieces', 'another', 'and one'])
})

test.each([
  ['of nothing', ''],
  ['without an end', 'k'.repeat(201)],
  ['that is no text', 7 as unknown as string],
])('a post with a key %s is refused', async (_, key) => {
  const asyncv = await started(scripted([]), { connectors: { chat: fakeConnector() } })
  const post = { connector: 'chat', conversation: 'ada', text: 'hi', idempotencyKey: key }
  await expect(asyncv.post(post)).rejects.toMatchObject({ code: 'input_invalid', hint: 'Give 1 to 200 characters.' })
})
