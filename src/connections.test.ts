import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from './api.ts'
import { createAsyncv } from './asyncv.ts'
import { systemClock } from './clock.ts'
import { Connections } from './connections.ts'
import type { Connector, ConnectorHost } from './connector.ts'
import { AsyncvError } from './errors.ts'
import { deferred } from './internal/deferred.ts'
import { silentLogger } from './logger.ts'
import { Accounts } from './outbox/accounts.ts'
import type { Provider } from './provider.ts'
import { persist } from './run/persist.ts'
import { sqlite } from './sqlite/index.ts'
import type { WhenBusy } from './task.ts'
import { fakeConnector } from './testing/fake-connector.ts'
import { scripted } from './testing/scripted.ts'

async function started(
  connectors: Record<string, Connector>,
  provider: Provider = scripted(['hello', 'hello', 'hello']),
  hook?: (point: string) => Promise<void>,
  whenBusy: WhenBusy = 'steer',
): Promise<Asyncv> {
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    providers: { main: provider },
    connectors,
    agents: [{ name: 'helper', model: 'main/any', whenBusy }],
    ...(hook === undefined ? {} : { hook }),
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  return asyncv
}

const check = async (asyncv: Asyncv, name: string) =>
  (await asyncv.ready()).checks.find((one) => one.name === `connector ${name}`)

test('a connector that is stopped is shown, and keeps nobody else from being answered', async () => {
  const one = fakeConnector()
  const other = fakeConnector({ account: 'fake:2' })
  const asyncv = await started({ one, other })
  await asyncv.connectors.stop('one')
  expect(await check(asyncv, 'one')).toEqual({ name: 'connector one', ok: false, detail: 'stopped' })
  expect((await asyncv.ready()).ready).toBe(true)
  await other.say('ada', 'hi')
  expect((await other.next('ada')).text).toBe('hello')
  await asyncv.connectors.start('one')
  expect(await check(asyncv, 'one')).toEqual({ name: 'connector one', ok: true })
})

test('what is to be sent to a stopped connector waits until it is started', async () => {
  const chat = fakeConnector()
  const asyncv = await started({ chat })
  await asyncv.connectors.stop('chat')
  const { id } = await asyncv.post({ connector: 'chat', conversation: 'ada', text: 'late' })
  expect((await asyncv.delivery(id)).state).toBe('pending')
  await asyncv.connectors.start('chat')
  expect((await chat.next('ada')).text).toBe('late')
})

test('a stopped connector takes nothing in, and takes it in when it is started', async () => {
  const chat = fakeConnector()
  const asyncv = await started({ chat })
  await asyncv.connectors.stop('chat')
  const said = chat.say('ada', 'hi')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(chat.acknowledged).toEqual([])
  await asyncv.connectors.start('chat')
  await said
  expect((await chat.next('ada')).text).toBe('hello')
})

test('an answer whose connector was stopped meanwhile waits, and arrives once when it is started', async () => {
  let answer: () => void = () => {}
  const asked = new Promise<void>((resolve) => {
    answer = resolve
  })
  const written = scripted(['at last'])
  const provider = {
    ...written,
    async *stream(...call: Parameters<typeof written.stream>) {
      const events = written.stream(...call)
      await asked
      yield* events
    },
  }
  const chat = fakeConnector()
  const asyncv = await started({ chat }, provider)
  const { task } = await chat.say('ada', 'hi')
  await expect.poll(async () => (await asyncv.stats()).tasks.running).toBe(1)
  await asyncv.connectors.stop('chat')
  answer()
  await asyncv.reply(String(task))
  expect(chat.sent).toEqual([])
  await asyncv.connectors.start('chat')
  expect((await chat.next('ada')).text).toBe('at last')
  expect(chat.sent).toHaveLength(1)
})

test('a send that is reserved when its connector is stopped is not lost', async () => {
  const chat = fakeConnector()
  let stopped = false
  const asyncv: Asyncv = await started({ chat }, scripted(['hello']), async (point) => {
    // Between the commit that writes the answer as being sent, and the send.
    if (point !== 'storage.finish:after') return
    await asyncv.connectors.stop('chat')
    stopped = true
  })
  await chat.say('ada', 'hi')
  await expect.poll(() => stopped).toBe(true)
  await expect.poll(async () => (await asyncv.deliveries()).data[0]?.state).toBe('retrying')
  expect(chat.sent).toEqual([])
  await asyncv.connectors.start('chat')
  expect((await chat.next('ada')).text).toBe('hello')
  await expect.poll(async () => (await asyncv.deliveries()).data[0]?.state).toBe('sent')
  expect(chat.sent).toHaveLength(1)
})

test('a connector is closed after its last send, and started again only then', async () => {
  const chat = fakeConnector()
  const said: string[] = []
  let arrive: () => void = () => {}
  const slow: Connector = {
    ...chat,
    start(host) {
      said.push('start')
      return chat.start(host)
    },
    stop() {
      said.push('stop')
      return chat.stop()
    },
    close: async () => void said.push('close'),
    async send(operation, call) {
      said.push('send')
      await new Promise<void>((resolve) => {
        arrive = resolve
      })
      said.push('sent')
      return chat.send(operation, call)
    },
  }
  const asyncv = await started({ slow })
  await asyncv.post({ connector: 'slow', conversation: 'ada', text: 'hi' })
  await expect.poll(() => said).toEqual(['start', 'send'])
  await asyncv.connectors.stop('slow')
  const again = asyncv.connectors.start('slow')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(said).toEqual(['start', 'send', 'stop'])
  arrive()
  await again
  expect(said).toEqual(['start', 'send', 'stop', 'sent', 'close', 'start'])
})

test('a start that hangs does not hold the stop of the runtime', async () => {
  const chat = fakeConnector()
  let hang = false
  const forever = new Promise<never>(() => {})
  const asyncv = await started({ chat: { ...chat, start: (host) => (hang ? forever : chat.start(host)) } })
  await asyncv.connectors.stop('chat')
  hang = true
  const starting = asyncv.connectors.start('chat').catch((error: unknown) => error)
  await asyncv.stop({ drainMs: 10_000 })
  expect(await starting).toMatchObject({ code: 'not_running' })
})

test('an unknown connector is named, with those that there are', async () => {
  const asyncv = await started({ chat: fakeConnector() })
  await expect(asyncv.connectors.stop('chta')).rejects.toMatchObject({
    code: 'connector_unknown',
    hint: 'Known connectors: chat.',
  })
})

test('what a connector brings after it was stopped is refused, also once it is started again', async () => {
  const chat = fakeConnector()
  const hosts: ConnectorHost[] = []
  const rude: Connector = {
    ...chat,
    start(host) {
      hosts.push(host)
      return chat.start(host)
    },
  }
  const asyncv = await started({ rude })
  const from = { account: 'fake:1', conversation: 'ada' }
  const bring = async (eventId: string) => {
    const parts = [{ type: 'text' as const, text: 'hi' }]
    const person = { id: 'ada' }
    return hosts[0]?.accept({ type: 'message', eventId, from, person, parts }, { account: 'fake:1' })
  }
  const move = async (value: string) => hosts[0]?.accept(null, { account: 'fake:1', state: { key: 'offset', value } })
  await bring('1')
  await move('1')
  await asyncv.connectors.stop('rude')
  for (const attempt of [() => bring('2'), () => move('2')]) {
    await expect(attempt()).rejects.toMatchObject({ code: 'not_running', retryable: true })
  }
  await asyncv.connectors.start('rude')
  for (const attempt of [() => bring('3'), () => move('3')]) {
    await expect(attempt()).rejects.toMatchObject({ code: 'not_running', retryable: true })
  }
  expect(await hosts[1]?.state('fake:1', 'offset')).toBe('1')
  expect((await asyncv.tasks()).data).toHaveLength(1)
})

test('a start that waits for a last send does not hold the stop of the runtime', async () => {
  const chat = fakeConnector()
  const slow: Connector = { ...chat, send: () => new Promise(() => {}) }
  const asyncv = await started({ slow })
  await asyncv.post({ connector: 'slow', conversation: 'ada', text: 'hi' })
  await expect.poll(async () => (await asyncv.deliveries()).data[0]?.state).toBe('sending')
  await asyncv.connectors.stop('slow')
  const starting = asyncv.connectors.start('slow').catch((error: unknown) => error)
  const late = new AbortController()
  const stopped = asyncv.stop({ drainMs: 60_000, signal: late.signal })
  expect(await starting).toMatchObject({ code: 'not_running' })
  late.abort()
  await stopped
})

test('what waits for a connector is not overtaken by an answer that is there in the moment in which it comes back', async () => {
  const chat = fakeConnector()
  const answers = [deferred<void>(), deferred<void>()]
  const model = scripted(async (_, n) => {
    await answers[n - 1]?.promise
    return `answer ${n}`
  })
  let starts = 0
  const slow: Connector = {
    ...chat,
    async start(host) {
      const account = await chat.start(host)
      // Until what waits was looked for, it is connected already.
      if (++starts === 2) setImmediate(() => answers[1]?.resolve())
      return account
    },
  }
  const asyncv = await started({ slow }, model, undefined, 'queue')
  const one = await chat.say('ada', 'one')
  await chat.say('ada', 'two')
  await asyncv.connectors.stop('slow')
  answers[0]?.resolve()
  await asyncv.reply(String(one.task))
  await expect.poll(() => model.requests.length).toBe(2)
  await asyncv.connectors.start('slow')
  await expect.poll(() => chat.sent.map(({ text }) => text)).toEqual(['answer 1', 'answer 2'])
})

test('what waits for a connector is looked for until the disk tells of it', async () => {
  const accounts = new Accounts()
  const woken: string[] = []
  let asked = 0
  const connections = new Connections({
    inbox: {} as never,
    texts: () => ({}) as never,
    signal: new AbortController().signal,
    storage: {
      keepState: async () => {},
      connectorState: async () => null,
      async openDestinations(account) {
        if (++asked === 1) throw new AsyncvError('storage_failed', 'The disk is full.', { retryable: true })
        return [`${account}:ada:-`]
      },
    },
    clock: systemClock,
    logger: silentLogger,
    accounts,
    outbox: { wake: (destination) => void woken.push(destination) },
    agentOf: () => undefined,
    hide: (text) => text,
    persist: (write) =>
      persist(write, { clock: systemClock, signal: new AbortController().signal, onFailure: () => {} }),
    onBug: (error) => expect.fail(String(error)),
  })
  const hurry = new AbortController().signal
  await connections.connect('chat', fakeConnector(), { hurry, admitted: Promise.resolve(), refuse: () => {} })
  connections.wake('chat')
  await expect.poll(() => woken).toEqual(['fake:1:ada:-'])
  expect(accounts.of('fake:1')?.caughtUp).toBe(true)
})
