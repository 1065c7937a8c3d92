import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createAsyncv } from './asyncv.ts'
import { never, runtimes } from './testing/runtimes.fixture.ts'
import { fakeConnector } from './testing/fake-connector.ts'
import { scripted } from './testing/scripted.ts'

const { started, freshFile } = runtimes()

test('answers a message', async () => {
  const asyncv = await started(scripted(['hello']))
  const reply = await asyncv.send({ agent: 'helper', session: 'u', text: 'hi' })
  expect(reply).toMatchObject({ text: 'hello', session: 'u', duplicate: false })
})

test('stop past its drain hands a running task back, and the next start finishes it', async () => {
  const file = freshFile()
  const first = await started(scripted([{ text: 'never', delayMs: 60_000 }]), { file })
  const { task } = await first.accept({ agent: 'helper', session: 'u', text: 'hi' })
  await sleep(10)
  await first.stop({ drainMs: 10 })
  const second = await started(scripted(['after all']), { file })
  expect(await second.reply(task)).toMatchObject({ text: 'after all' })
  expect(await second.task(task)).toMatchObject({ attempt: 2, crashes: 0 })
})

test('two commits a message', async () => {
  const asyncv = await started(
    scripted(() => 'ok'),
    { file: freshFile() },
  )
  const before = (await asyncv.stats()).commits.commits
  for (let n = 0; n < 10; n++) await asyncv.send({ agent: 'helper', session: 'u', text: 'hi' })
  expect((await asyncv.stats()).commits.commits - before).toBe(20)
})

test('the timeline tells what happened', async () => {
  const asyncv = await started(scripted(['hello']))
  const { message } = await asyncv.send({ agent: 'helper', session: 'u', text: 'hi', idempotencyKey: 'k' })
  const { entries, dedupe } = await asyncv.timeline(message)
  expect(entries.map(({ what }) => what)).toEqual([
    'message.received',
    'task.started',
    'step.started',
    'step.finished',
    'task.ended',
  ])
  expect(dedupe).toMatchObject({ key: 'k' })
})

test('everything wrong with the options is told at once', () => {
  const build = (): unknown =>
    createAsyncv({
      agents: [
        { name: 'a', model: 'nowhere/m' },
        { name: 'a', model: 'offline/demo', tools: ['abacus'] },
      ],
      routes: [{ connector: 'tg', agent: 'b' }],
    })
  expect(build).toThrow(/names no provider[\s\S]*Two of the same name|Two of the same name[\s\S]*unknown tool/)
  expect(build).toThrow(/unknown connector "tg"/)
})

test('a runtime can be started again after a stop, and at once', async () => {
  const chat = fakeConnector()
  const asyncv = await started(scripted(['one', 'two']), { file: freshFile(), connectors: { chat } })
  await chat.say('ada', 'hello')
  expect((await chat.next('ada')).text).toBe('one')
  const stopped = asyncv.stop()
  await asyncv.start()
  await stopped
  await chat.say('ada', 'again')
  expect((await chat.next('ada')).text).toBe('two')
})

test('a second stop hastens the first', async () => {
  const asyncv = await started(scripted([{ text: 'late', delayMs: Infinity }]))
  const { task } = await asyncv.accept({ agent: 'helper', text: 'hi' })
  await expect.poll(async () => (await asyncv.task(task)).state).toBe('running')
  const begun = Date.now()
  const stopped = asyncv.stop()
  await asyncv.stop({ drainMs: 0 })
  await stopped
  expect(Date.now() - begun).toBeLessThan(2_000)
})

test('an observer that rejects changes nothing', async () => {
  const lines: string[] = []
  const note = (_: object, message: string): void => void lines.push(message)
  const logger = { debug: note, info: note, warn: note, error: note }
  const asyncv = await started(scripted(['fine']), { logger })
  asyncv.on('task.finished', async () => {
    throw new Error('from the observer')
  })
  expect((await asyncv.send({ agent: 'helper', text: 'hi' })).text).toBe('fine')
  await expect.poll(() => lines).toContain('an observer threw')
})

test('a stop in a hurry cuts what a platform does not answer', async () => {
  const chat = fakeConnector({ streaming: { placeholderAfterMs: 1, placeholder: '…' } })
  const silent = { ...chat, send: (_: unknown, { signal }: { signal: AbortSignal }) => never(signal) }
  const asyncv = await started(scripted([{ text: 'late', delayMs: 100 }]), { connectors: { silent } })
  await chat.say('ada', 'hello')
  await sleep(50)
  const begun = Date.now()
  await asyncv.stop({ drainMs: 100 })
  expect(Date.now() - begun).toBeLessThan(2_000)
})

test.each([
  [
    'that cannot connect',
    () => ({ ...fakeConnector({ account: 'fake:2' }), start: () => Promise.reject(new Error('no')) }),
  ],
  ['of the same account', () => fakeConnector()],
])('a start that fails by a connector %s ends, though another one brings messages', async (_, second) => {
  const chat = fakeConnector()
  const said = chat.say('ada', 'hello')
  const provider = scripted([{ text: 'hi' }])
  const file = freshFile()
  await expect(started(provider, { file, connectors: { chat, second: second() }, routes })).rejects.toThrow()
  // Nothing is lost by it: the platform offers it again.
  await started(provider, { file, connectors: { chat } })
  await said
  expect((await chat.next('ada')).text).toBe('hi')
})

const routes = [
  { connector: 'chat', agent: 'helper' },
  { connector: 'second', agent: 'helper' },
]
