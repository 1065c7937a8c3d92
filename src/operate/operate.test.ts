import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { Asyncv } from '../api.ts'
import { createAsyncv } from '../asyncv.ts'
import type { Connector } from '../connector.ts'
import { defineConnector } from '../definition.ts'
import type { AsyncvOptions } from '../options.ts'
import { AsyncvError } from '../errors.ts'
import { definePlugin } from '../plugin.ts'
import type { Provider } from '../provider.ts'
import { secretText } from '../secret.ts'
import { sqlite } from '../sqlite/index.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { scripted } from '../testing/scripted.ts'
import { defineTool } from '../tool.ts'
import { createVault } from '../vault/vault.ts'

const ann = { id: 'operator', name: 'ann' }

async function started(options: Partial<AsyncvOptions> = {}): Promise<Asyncv> {
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    providers: { main: scripted(['hello', 'hello', 'hello']) },
    agents: [{ name: 'helper', model: 'main/any' }],
    ...options,
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  return asyncv
}

/** A model that answers when it is let go. */
function gated(): Provider & { letGo(): void } {
  let letGo = (): void => {}
  const open = new Promise<void>((resolve) => (letGo = resolve))
  return {
    letGo,
    async *stream(_, { signal }) {
      await Promise.race([open, new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))])
      if (signal.aborted) return
      yield { type: 'text.delta', text: 'at last' }
      yield { type: 'finish', reason: 'stop' }
    },
  }
}

const actions = async (asyncv: Asyncv): Promise<string[]> =>
  (await asyncv.audit.list({ order: 'oldest' })).data.map(
    ({ actor, action, target }) => `${actor.id} ${action} ${target}`,
  )

test('a drain refuses what is new, finishes what was accepted, and says when', async () => {
  const main = gated()
  const chat = fakeConnector()
  const asyncv = await started({ providers: { main }, connectors: { chat } })
  const answer = asyncv.send({ agent: 'helper', text: 'before' })
  await chat.say('ada', 'before')
  await expect.poll(async () => (await asyncv.stats()).tasks).toEqual({ queued: 0, running: 2 })
  expect(await asyncv.drain.begin({ by: ann })).toMatchObject({
    state: 'draining',
    tasks: 2,
    since: expect.any(Number),
  })
  expect((await asyncv.ready()).ready).toBe(false)
  await expect(asyncv.accept({ agent: 'helper', text: 'new' })).rejects.toMatchObject({
    code: 'not_running',
    retryable: true,
    message: expect.stringContaining('drained'),
  })
  const done = asyncv.drain.done()
  main.letGo()
  expect((await answer).text).toBe('at last')
  expect((await chat.next('ada')).text).toBe('at last')
  expect(await done).toMatchObject({ state: 'drained', tasks: 0, deliveries: 0 })
  expect(await actions(asyncv)).toEqual(['operator drain.begun runtime'])
})

test('what was let in before a drain is waited for, also while it is still being written', async () => {
  const asyncv = await started({ connectors: { chat: fakeConnector() } })
  const accepted = asyncv.accept({ agent: 'helper', text: 'just in time' })
  expect(await asyncv.drain.begin()).toMatchObject({ state: 'draining' })
  const done = asyncv.drain.done()
  const { task } = await accepted
  expect(await done).toMatchObject({ state: 'drained', tasks: 0 })
  expect((await asyncv.task(task)).state).toBe('done')
})

test('while the runtime stops, no drain begins, and none is waited for', async () => {
  const main = gated()
  const asyncv = await started({ providers: { main } })
  await asyncv.accept({ agent: 'helper', text: 'hi' })
  const stopped = asyncv.stop()
  await expect.poll(async () => (await asyncv.ready()).ready).toBe(false)
  await expect(asyncv.drain.begin()).rejects.toMatchObject({ code: 'not_running' })
  await expect(asyncv.drain.done()).rejects.toMatchObject({ code: 'not_running' })
  main.letGo()
  await stopped
})

test('undone, messages are taken in again, and who waited hears of it', async () => {
  const main = gated()
  const asyncv = await started({ providers: { main } })
  const { task } = await asyncv.accept({ agent: 'helper', text: 'hi' })
  await asyncv.drain.begin()
  const done = asyncv.drain.done()
  const undone = expect(done).rejects.toMatchObject({ code: 'state_conflict' })
  expect(await asyncv.drain.undo(ann)).toMatchObject({ state: 'off', since: null })
  await undone
  expect((await asyncv.ready()).ready).toBe(true)
  await asyncv.accept({ agent: 'helper', text: 'again' })
  main.letGo()
  expect((await asyncv.reply(task)).text).toBe('at last')
  await asyncv.drain.undo(ann)
  expect(await actions(asyncv)).toEqual(['program drain.begun runtime', 'operator drain.undone runtime'])
})

test('before it refuses, it is not ready for a while', async () => {
  const asyncv = await started()
  expect(await asyncv.drain.begin({ notReadyMs: 300 })).toMatchObject({ state: 'leaving' })
  expect((await asyncv.ready()).ready).toBe(false)
  await asyncv.send({ agent: 'helper', text: 'still taken' })
  expect(await asyncv.drain.done()).toMatchObject({ state: 'drained' })
  await expect(asyncv.accept({ agent: 'helper', text: 'hi' })).rejects.toMatchObject({ code: 'not_running' })
})

test('what a platform does not take now is not waited for, and counted', async () => {
  const chat = fakeConnector()
  const asyncv = await started({ connectors: { chat } })
  await asyncv.connectors.stop('chat')
  await asyncv.post({ connector: 'chat', conversation: 'ada', text: 'late' })
  await asyncv.drain.begin()
  expect(await asyncv.drain.done()).toMatchObject({ state: 'drained', deliveries: 1 })
})

test('a drain waits for what is being sent', async () => {
  const chat = fakeConnector()
  let letGo = (): void => {}
  const open = new Promise<void>((resolve) => (letGo = resolve))
  const slow: Connector = {
    ...chat,
    async send(operation, call) {
      if (operation.type === 'post') await open
      return chat.send(operation, call)
    },
  }
  const asyncv = await started({ connectors: { slow } })
  await asyncv.post({ connector: 'slow', conversation: 'ada', text: 'on its way' })
  await asyncv.drain.begin()
  await sleep(600)
  expect(await asyncv.drain.state()).toMatchObject({ state: 'draining', deliveries: 1 })
  letGo()
  expect(await asyncv.drain.done()).toMatchObject({ state: 'drained' })
  expect(chat.sent.map(({ text }) => text)).toEqual(['on its way'])
})

test('a stop during a drain is a stop, for who waits as well', async () => {
  const asyncv = await started({ providers: { main: gated() } })
  await asyncv.accept({ agent: 'helper', text: 'hi' })
  await asyncv.drain.begin()
  const done = expect(asyncv.drain.done()).rejects.toMatchObject({ code: 'not_running' })
  await asyncv.stop({ drainMs: 0 })
  await done
  await asyncv.start()
  expect(await asyncv.drain.state()).toMatchObject({ state: 'off' })
})

test('who started and stopped a connector is written down, once for each time that it was done', async () => {
  const asyncv = await started({ connectors: { chat: fakeConnector() } })
  await asyncv.connectors.start('chat', ann)
  await asyncv.connectors.stop('chat', ann)
  await asyncv.connectors.stop('chat', ann)
  await asyncv.connectors.start('chat')
  expect(await actions(asyncv)).toEqual(['operator connector.stopped chat', 'program connector.started chat'])
  expect(await asyncv.audit.verify()).toMatchObject({ whole: true })
})

test('a connector that cannot be started leaves no entry', async () => {
  const chat = fakeConnector()
  let fails = false
  const stubborn: Connector = {
    ...chat,
    start: (host) => (fails ? Promise.reject(new Error('no network')) : chat.start(host)),
  }
  const asyncv = await started({ connectors: { stubborn } })
  await asyncv.connectors.stop('stubborn')
  fails = true
  await expect(asyncv.connectors.start('stubborn')).rejects.toThrow('no network')
  expect(await actions(asyncv)).toEqual(['program connector.stopped stubborn'])
})

test.each<[string, Partial<Connector>, object]>([
  [
    'tells who answered',
    { test: async () => ({ ok: true, latencyMs: 7, detail: '@bot' }) },
    { result: 'ok', latencyMs: 7, detail: '@bot' },
  ],
  [
    'tells what went wrong, and the way out',
    { test: async () => ({ ok: false, problem: 'denied', hint: 'look' }) },
    { result: 'failed', detail: 'denied', hint: 'look' },
  ],
  [
    'has failed when it throws',
    { test: () => Promise.reject(new Error('broken')) },
    { result: 'failed', detail: 'broken' },
  ],
])('a test %s', async (_, parts, expected) => {
  const asyncv = await started({ connectors: { chat: { ...fakeConnector(), ...parts } } })
  expect(await asyncv.connectors.test('chat')).toMatchObject({ name: 'chat', type: 'fake', ...expected })
})

test('a connector without a test is said to have none', async () => {
  const { test: _, ...chat } = fakeConnector()
  const asyncv = await started({ connectors: { chat } })
  expect(await asyncv.connectors.test('chat')).toMatchObject({ result: 'untestable', latencyMs: null })
})

test('what a platform says of a secret is hidden', async () => {
  const vault = createVault({ key: Buffer.alloc(32, 7) })
  const main: Provider = {
    ...scripted([]),
    test: async () => ({ ok: false, problem: 'bad canary-1234', hint: 'canary-1234?' }),
  }
  const asyncv = await started({ providers: { main }, vault })
  await asyncv.secrets.put({ name: 'KEY', value: 'canary-1234' })
  expect(await asyncv.providers.test('main')).toMatchObject({ detail: 'bad [secret KEY]', hint: '[secret KEY]?' })
})

test('what a connector says of why it does not start has no secret in it, and is no bug', async () => {
  const vault = createVault({ key: Buffer.alloc(32, 7) })
  const failures = [
    new Error('refused canary-1234'),
    new AsyncvError('connector_failed', 'denied canary-1234', { hint: 'look at canary-1234' }),
  ]
  const chat = fakeConnector()
  let fails = false
  const stubborn: Connector = {
    ...chat,
    start: (host) => (fails ? Promise.reject(failures.shift()) : chat.start(host)),
  }
  const asyncv = await started({ connectors: { stubborn }, vault })
  await asyncv.secrets.put({ name: 'KEY', value: 'canary-1234' })
  await asyncv.connectors.stop('stubborn')
  fails = true
  await expect(asyncv.connectors.start('stubborn')).rejects.toMatchObject({
    code: 'connector_failed',
    message: 'Connector "stubborn" did not start: refused [secret KEY]',
  })
  await expect(asyncv.connectors.start('stubborn')).rejects.toMatchObject({
    code: 'connector_failed',
    message: 'denied [secret KEY]',
    hint: 'look at [secret KEY]',
  })
})

test('nor has what a runtime says that does not start', async () => {
  const vault = createVault({ elsewhere: () => 'canary-1234' })
  const token = vault.secret('TOKEN')
  const stubborn: Connector = {
    ...fakeConnector(),
    start: () => Promise.reject(new Error(`refused ${token.reveal('https://chat.example')}`)),
  }
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    connectors: { stubborn },
    agents: [{ name: 'helper', model: 'offline/demo' }],
    vault,
  })
  await expect(asyncv.start()).rejects.toThrow('refused [secret TOKEN]')
})

test('a provider tells its models', async () => {
  const asyncv = await started()
  expect(await asyncv.providers.test('offline')).toMatchObject({ result: 'ok', type: 'offline', models: ['demo'] })
})

test('what is not there is an error that names what is', async () => {
  const asyncv = await started({ connectors: { chat: fakeConnector() } })
  await expect(asyncv.connectors.test('tg')).rejects.toMatchObject({
    code: 'connector_unknown',
    hint: expect.stringContaining('chat'),
  })
  await expect(asyncv.providers.test('tg')).rejects.toMatchObject({
    code: 'provider_unknown',
    hint: expect.stringContaining('main'),
  })
})

test('a stopped connector is closed again after its test', async () => {
  const chat = fakeConnector()
  let closed = 0
  const counted: Connector = {
    ...chat,
    async close() {
      closed++
    },
  }
  const asyncv = await started({ connectors: { counted } })
  await asyncv.connectors.test('counted')
  expect(closed).toBe(0)
  await asyncv.connectors.stop('counted')
  await sleep(50)
  expect(closed).toBe(1)
  await asyncv.connectors.test('counted')
  expect(closed).toBe(2)
})

test('its status tells of every part, before it is started and after', async () => {
  const weather = defineTool({
    name: 'weather',
    description: 'The weather',
    input: z.object({}),
    effect: 'read',
    run: () => 'sun',
  })
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    providers: { main: gated() },
    connectors: { chat: fakeConnector() },
    plugins: [definePlugin({ name: 'sky', tools: [weather] })],
    agents: [{ name: 'helper', model: 'main/any' }],
    prices: { 'main/any': { input: 2, output: 8 } },
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  expect(await asyncv.status()).toMatchObject({
    startedAt: null,
    storage: null,
    connectors: [{ name: 'chat', state: 'away', account: null }],
  })
  await asyncv.start()
  await asyncv.accept({ agent: 'helper', text: 'hi' })
  await asyncv.connectors.stop('chat')
  await asyncv.post({ connector: 'chat', conversation: 'ada', text: 'late' })
  expect(await asyncv.status()).toEqual({
    startedAt: expect.any(Number),
    storage: expect.stringMatching(/SQLite \d/),
    connectors: [
      { name: 'chat', type: 'fake', state: 'stopped', account: 'fake:1', agent: 'helper', ok: false, detail: null },
    ],
    providers: [
      { name: 'offline', type: 'offline' },
      { name: 'main', type: null },
    ],
    plugins: [{ name: 'sky', connectors: [], providers: [], tools: ['weather'] }],
    agents: ['helper'],
    prices: { 'main/any': { input: 2, output: 8 } },
    inbox: { queued: 0, running: 1 },
    outbox: { pending: 1, sending: 0, retrying: 0, uncertain: 0, held: 0, dead: 0 },
    uncertainSends: 0,
    drain: { state: 'off', since: null, tasks: 1, deliveries: 1 },
    change: null,
  })
  expect(asyncv.routes()).toEqual([{ connector: 'chat', agent: 'helper' }])
})

test('what is installed: types with the schemas of their options, and tools, each with its origin', async () => {
  const options = z.strictObject({ token: secretText(/./, 'is empty'), room: z.string().default('lobby') })
  const create = (): Connector => fakeConnector()
  const own = defineConnector({ type: 'pager', options, create })
  const input = z.object({ city: z.string() })
  const weather = defineTool({ name: 'weather', description: 'The weather', input, effect: 'read', run: () => 'sun' })
  const refund = defineTool({ name: 'refund', description: 'Refund', input, effect: 'once', run: () => 'done' })
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    plugins: [definePlugin({ name: 'sky', tools: [weather], connectors: [own] })],
    definitions: async () => [
      defineConnector({ type: 'pager', options: z.strictObject({}), create }),
      defineConnector({ type: 'fax', options: z.strictObject({}), create }),
    ],
    tools: [refund],
    agents: [{ name: 'helper', model: 'offline/demo', tools: ['time'] }],
  })
  const { types, tools } = await asyncv.installed()
  expect(types.map(({ kind, type, origin }) => [kind, type, origin])).toEqual([
    ['connector', 'pager', 'sky'],
    ['connector', 'fax', 'built-in'],
  ])
  expect(types[0]?.options).toMatchObject({
    type: 'object',
    properties: {
      token: { type: 'string', format: 'password', writeOnly: true },
      room: { type: 'string', default: 'lobby' },
    },
    required: ['token'],
    additionalProperties: false,
  })
  expect(tools.map(({ name, effect, origin }) => [name, effect, origin])).toEqual([
    ['refund', 'once', 'program'],
    ['weather', 'read', 'sky'],
    ['time', 'read', 'built-in'],
    ['calculator', 'read', 'built-in'],
  ])
  expect(tools[1]).toMatchObject({ description: 'The weather', input: { properties: { city: { type: 'string' } } } })
})
