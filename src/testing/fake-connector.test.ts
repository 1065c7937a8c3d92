import { describe, expect, test } from 'vitest'
import { AsyncvError } from '../errors.ts'
import { createDisk } from './connector-contract/disk.ts'
import { connectorContract } from './connector-contract.ts'
import { fakeConnector } from './fake-connector.ts'

const troubles = {
  limited: [{ type: 'not-sent', message: 'Too many.', retryAfterMs: 1_000 }],
  refused: [{ type: 'refused', message: 'No.' }],
  'cut-before': [{ type: 'uncertain', message: 'Cut.' }],
  'cut-after': [{ type: 'uncertain', message: 'Cut.' }, { arrived: true }],
  broken: [{ type: 'uncertain', message: 'Broken.' }],
} as const

describe('the contract', () => {
  const cases = connectorContract(
    async () => {
      const chat = fakeConnector()
      return {
        connect: () => chat,
        conversations: ['ada', 'bob'],
        // Who speaks does not wait until the runtime has it.
        say: (conversation, text) => void chat.say(conversation, text).catch(() => {}),
        acknowledged: () => chat.acknowledged,
        shown: (conversation) => chat.shown(conversation).map(({ text }) => text),
        deleteLast: (conversation) => chat.delete(conversation, chat.shown(conversation).at(-1)?.target ?? ''),
        fail(how) {
          if (how === 'slow') throw new Error('it sends at once')
          const [failure, options] = troubles[how]
          chat.fail(failure, options)
        },
        deny: () => {},
        close: async () => {},
      }
    },
    { cannot: { slow: 'what is in memory is sent at once', credentials: 'there are none' } },
  )
  for (const { name, run, skip } of cases) test.skipIf(skip !== null)(skip === null ? name : `${name} (${skip})`, run)
})

test('offers a message as often as it is told, as one event', async () => {
  const chat = fakeConnector()
  const disk = createDisk()
  await chat.start(disk.host(new AbortController().signal))
  const { duplicate } = await chat.say('ada', 'hello', { times: 3 })
  expect(duplicate).toBe(false)
  expect(disk.offers).toEqual(['hello', 'hello', 'hello'])
  expect(disk.texts()).toEqual(['hello'])
})

test('offers what it held in another order', async () => {
  const chat = fakeConnector()
  const disk = createDisk()
  await chat.start(disk.host(new AbortController().signal))
  chat.hold()
  const said = ['one', 'two', 'three'].map((text) => chat.say('ada', text))
  chat.release('reversed')
  await Promise.all(said)
  expect(disk.texts()).toEqual(['three', 'two', 'one'])
})

test('finds a cut send by its key, when it can look up', async () => {
  const chat = fakeConnector({ lookup: true })
  chat.fail({ type: 'uncertain', message: 'Cut.' }, { arrived: true })
  const destination = { account: 'fake:1', conversation: 'ada' }
  const call = { key: 'task/0', signal: new AbortController().signal }
  const posted = chat.send({ type: 'post', destination, parts: [{ type: 'text', text: 'perhaps' }] }, call)
  await expect(posted).rejects.toThrow('Cut.')
  expect(await chat.lookup?.('task/0', destination)).toMatchObject({ target: '1' })
  expect(await chat.lookup?.('task/1', destination)).toBe(null)
})

test('gives what was sent to a conversation one by one, and waits for more', async () => {
  const chat = fakeConnector()
  const call = { key: 'task/0', signal: new AbortController().signal }
  const post = (conversation: string, text: string) =>
    chat.send({ type: 'post', destination: { account: 'fake:1', conversation }, parts: [{ type: 'text', text }] }, call)
  await post('ada', 'one')
  await post('bob', 'other')
  const later = [chat.next('ada'), chat.next('ada')]
  await post('ada', 'two')
  expect((await Promise.all(later)).map(({ text }) => text)).toEqual(['one', 'two'])
  await expect(chat.next('ada', undefined, 20)).rejects.toThrow('within 20 ms')
})

test('rejects what the runtime will never take', async () => {
  const chat = fakeConnector()
  const host = createDisk().host(new AbortController().signal)
  await chat.start({ ...host, accept: () => Promise.reject(new AsyncvError('input_invalid', 'Never.')) })
  await expect(chat.say('ada', 'hello')).rejects.toThrow('Never.')
})
