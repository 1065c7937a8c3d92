import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from './api.ts'
import { createAsyncv } from './asyncv.ts'
import { systemClock } from './clock.ts'
import type { Connector, ConnectorHost } from './connector.ts'
import { definePlugin, type PluginHost } from './plugin.ts'
import { sqlite } from './sqlite/index.ts'
import type { AsyncvOptions } from './options.ts'
import { fakeConnector } from './testing/fake-connector.ts'

const forever = new Promise<never>(() => {})

/** A runtime whose limits are a hundred times shorter. */
function build(parts: Pick<AsyncvOptions, 'plugins' | 'connectors' | 'providers'>): Asyncv {
  return createAsyncv({
    storage: sqlite(':memory:'),
    clock: { ...systemClock, after: (ms, fn) => systemClock.after(ms / 100, fn) },
    agents: [{ name: 'helper', model: 'offline/demo' }],
    ...parts,
  })
}

/** Fails the test when it takes as long as nobody would wait. */
async function soon<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It hangs.')), 2_000)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

const hurried = { drainMs: 0, signal: AbortSignal.abort() }

test('a plugin whose start hangs is let go of by a stop in a hurry, and named', async () => {
  const said: string[] = []
  const slow = definePlugin({
    name: 'slow',
    start({ signal }: PluginHost) {
      said.push('starts')
      signal.addEventListener('abort', () => said.push('lets go'))
      return forever
    },
    stop: () => void said.push('stops'),
  })
  const asyncv = build({ plugins: [slow] })
  const start = asyncv.start().catch((error: unknown) => error)
  await expect.poll(() => said).toEqual(['starts'])
  await soon(asyncv.stop(hurried))
  expect(await start).toMatchObject({
    code: 'not_running',
    message: 'Plugin "slow" had not started when the runtime was stopped.',
  })
  expect(said).toEqual(['starts', 'lets go', 'stops'])
})

test('a connector whose start hangs is let go of, and stopped again should it start after all', async () => {
  const chat = fakeConnector()
  const said: string[] = []
  let host: ConnectorHost | undefined
  let connect: (account: { account: string }) => void = () => {}
  const slow: Connector = {
    ...chat,
    start(given) {
      host = given
      return new Promise((resolve) => {
        connect = resolve
      })
    },
    stop: async () => void said.push('stop'),
    close: async () => void said.push('close'),
  }
  const asyncv = build({ connectors: { slow } })
  const start = asyncv.start().catch((error: unknown) => error)
  await expect.poll(() => host).toBeDefined()
  await soon(asyncv.stop(hurried))
  expect(await start).toMatchObject({
    code: 'not_running',
    message: 'Connector "slow" had not started when the runtime was stopped.',
  })
  expect(host?.signal.aborted).toBe(true)
  expect(said).toEqual([])
  connect({ account: 'fake:1' })
  await expect.poll(() => said).toEqual(['stop', 'close'])
})

test('a start that hangs is waited for as long as the stop drains, and hastened by a second stop', async () => {
  const slow = definePlugin({ name: 'slow', start: () => forever })
  const drained = build({ plugins: [slow] })
  drained.start().catch(() => {})
  await soon(drained.stop({ drainMs: 1_000 }))
  const hastened = build({ plugins: [slow] })
  hastened.start().catch(() => {})
  const stopped = hastened.stop({ drainMs: 1_000_000 })
  await soon(hastened.stop(hurried))
  await soon(stopped)
})

test('what hangs when it is to stop or close is left behind', async () => {
  const chat = fakeConnector()
  const plugin = definePlugin({ name: 'stuck', stop: () => forever })
  const asyncv = build({ plugins: [plugin], connectors: { chat: { ...chat, close: () => forever } } })
  await asyncv.start()
  await soon(asyncv.stop(hurried))
  await expect(asyncv.stats()).rejects.toMatchObject({ code: 'not_running' })
  onTestFinished(() => asyncv.stop(hurried))
  await asyncv.start()
})

test('a connector whose stop throws at once is left behind', async () => {
  const stop = (): never => {
    throw new Error('It cannot stop.')
  }
  const asyncv = build({ connectors: { chat: { ...fakeConnector(), stop } } })
  await asyncv.start()
  await soon(asyncv.stop())
  onTestFinished(() => asyncv.stop(hurried))
  await asyncv.start()
})

test('a start that was left behind does not stop the connector that is started after it', async () => {
  const chat = fakeConnector()
  let starts = 0
  let connect: () => void = () => {}
  const slow: Connector = {
    ...chat,
    async start(host) {
      if (++starts === 1) await new Promise<void>((resolve) => (connect = resolve))
      return chat.start(host)
    },
  }
  const asyncv = build({ connectors: { slow } })
  const cut = asyncv.start().catch((error: unknown) => error)
  await expect.poll(() => starts).toBe(1)
  await soon(asyncv.stop(hurried))
  await cut
  onTestFinished(() => asyncv.stop(hurried))
  const again = asyncv.start()
  await sleep(20)
  connect()
  await again
  expect(starts).toBe(2)
  await soon(chat.say('ada', 'hi'))
})

test('a start that never ends is not waited for by what comes after it', async () => {
  const asyncv = build({ connectors: { stuck: { ...fakeConnector(), start: () => new Promise(() => {}) } } })
  const cut = asyncv.start().catch((error: unknown) => error)
  await sleep(20)
  await soon(asyncv.stop(hurried))
  await cut
  await expect(asyncv.start()).rejects.toMatchObject({ code: 'connector_failed', retryable: true })
})
