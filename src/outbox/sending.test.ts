import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Connector, SendError } from '../connector.ts'
import { AsyncvError } from '../errors.ts'
import { never, runtimes } from '../testing/runtimes.fixture.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { scripted } from '../testing/scripted.ts'

const { started, freshFile } = runtimes()

test('many chats at once keep to what the platform takes in a second', async () => {
  const pace = { perConversationMs: 0, perGroupPerMinute: 0, perSecond: 5, isGroup: () => false }
  const chat = fakeConnector({ pace })
  await started(
    scripted(() => 'hi'),
    { connectors: { chat } },
  )
  const people = Array.from({ length: 12 }, (_, index) => `person ${index}`)
  await Promise.all(people.map((person) => chat.say(person, 'hello')))
  await expect.poll(() => chat.sent.length, { timeout: 10_000 }).toBe(12)
  const times = chat.sent.map(({ at }) => at)
  // The sixth comes a second after the first; a timer may be some ms early by the other clock.
  for (const [index, at] of times.entries()) expect((times[index + 5] ?? at + 1_000) - at).toBeGreaterThan(980)
})

test('what waits behind a send is sent, also when its outcome reaches the disk late', async () => {
  const chat = fakeConnector()
  let full = true
  const asyncv = await started(scripted([]), {
    connectors: { chat },
    hook(point) {
      if (point !== 'storage.settle:before' || !full) return
      full = false
      throw new AsyncvError('storage_failed', 'The disk is full.', { retryable: true })
    },
  })
  await Promise.all(['one', 'two'].map((text) => asyncv.post({ connector: 'chat', conversation: 'ada', text })))
  await chat.next('ada', ({ text }) => text === 'two')
  expect(chat.sent.map(({ text }) => text)).toEqual(['one', 'two'])
})

test('a connector that ignores its signal is left behind: what it was sending is uncertain, and a stop ends', async () => {
  const chat = fakeConnector()
  const deaf = { ...chat, send: () => new Promise<never>(() => {}) }
  const outbox = { sendTimeoutMs: 50, onUncertain: 'hold' } as const
  const asyncv = await started(scripted([]), { connectors: { deaf }, outbox })
  const { id } = await asyncv.post({ connector: 'deaf', conversation: 'ada', text: 'hi' })
  await expect.poll(async () => (await asyncv.delivery(id)).state, { timeout: 5_000 }).toBe('held')
  expect(await asyncv.delivery(id)).toMatchObject({ uncertainCount: 1 })
  await asyncv.post({ connector: 'deaf', conversation: 'ada', text: 'and another' })
  await asyncv.stop({ drainMs: 10 })
})

test('a connector that says what became of a send that was cut is believed', async () => {
  const chat = fakeConnector()
  const slow = {
    ...chat,
    async send(_: unknown, { signal }: { signal: AbortSignal }): Promise<never> {
      await never(signal).catch(() => sleep(20))
      throw new SendError({ type: 'not-sent', message: 'It was still waiting for a connection.' })
    },
  }
  const asyncv = await started(scripted([]), { connectors: { slow }, outbox: { sendTimeoutMs: 50 } })
  const { id } = await asyncv.post({ connector: 'slow', conversation: 'ada', text: 'hi' })
  await expect.poll(async () => (await asyncv.delivery(id)).state, { timeout: 5_000 }).toBe('retrying')
  expect(await asyncv.delivery(id)).toMatchObject({ uncertainCount: 0 })
})

test('an edit that the platform is slow to take delays no commit, and is not overtaken by the answer', async () => {
  const chat = fakeConnector({ streaming: { placeholderAfterMs: 1, placeholder: '…' } })
  let release = (): void => {}
  let edits = 0
  const slow: Connector = {
    ...chat,
    async send(operation, call) {
      if (operation.type === 'edit' && ++edits === 1) {
        await new Promise<void>((resolve) => {
          release = resolve
        })
      }
      return chat.send(operation, call)
    },
  }
  const provider = scripted([{ text: ['Here it', ' is, at last.'], delayMs: 800 }])
  const asyncv = await started(provider, { connectors: { slow } })
  const { task } = await chat.say('ada', 'hello')
  await expect.poll(() => edits, { timeout: 5_000 }).toBe(1)
  await expect.poll(async () => (await asyncv.task(task ?? '')).state, { timeout: 5_000 }).toBe('done')
  await sleep(50)
  expect(chat.sent.map(({ text }) => text)).toEqual(['…'])
  release()
  await chat.next('ada', ({ text }) => text === 'Here it is, at last.')
  expect(chat.sent.map(({ text }) => text)).toEqual(['…', 'Here it', 'Here it is, at last.'])
})

test('an answer that is written while its connector is away is cut to what platforms take', async () => {
  const file = freshFile()
  const chat = fakeConnector({ textLimit: 600 })
  const first = await started(scripted([{ text: 'never', delayMs: Infinity }]), { file, connectors: { chat } })
  const { task = '' } = await chat.say('ada', 'tell me all')
  await expect.poll(async () => (await first.task(task ?? '')).state).toBe('running')
  await first.stop({ drainMs: 0 })
  const text = Array.from({ length: 900 }, (_, n) => `word${n}`).join(' ')
  const second = await started(scripted([text]), { file })
  expect((await second.reply(task ?? '')).text).toBe(text)
  await second.stop()
  await started(scripted([]), { file, connectors: { chat } })
  await chat.next('ada', (sent) => sent.text.endsWith('word899'))
  expect(chat.sent.map((sent) => sent.text).join(' ')).toBe(text)
  expect(Math.max(...chat.sent.map((sent) => sent.text.length))).toBeLessThanOrEqual(600)
})

test('a placeholder has a key of its own, so that nobody takes it for the answer', async () => {
  const chat = fakeConnector({ streaming: { placeholderAfterMs: 1, placeholder: '…' } })
  await started(scripted([{ text: 'the answer', delayMs: 100 }]), { connectors: { chat } })
  await chat.say('ada', 'hello')
  await chat.next('ada', ({ text }) => text === 'the answer')
  const [first, last] = [chat.sent[0], chat.sent.at(-1)]
  expect(first?.key).toBe(`${last?.key}/placeholder`)
  expect(chat.shown('ada')).toHaveLength(1)
})

test('a stop waits until the outcome of a send is on disk, and the next start sends nothing twice', async () => {
  const file = freshFile()
  const chat = fakeConnector()
  let full = true
  const first = await started(scripted([]), {
    file,
    connectors: { chat },
    hook(point) {
      if (point !== 'storage.settle:before' || !full) return
      full = false
      throw new AsyncvError('storage_failed', 'The disk is full.', { retryable: true })
    },
  })
  const { id } = await first.post({ connector: 'chat', conversation: 'ada', text: 'hi' })
  await expect.poll(() => full).toBe(false)
  await first.stop()
  const second = await started(scripted([]), { file, connectors: { chat } })
  expect(await second.delivery(id)).toMatchObject({ state: 'sent', uncertainCount: 0 })
  expect(chat.sent).toHaveLength(1)
})
