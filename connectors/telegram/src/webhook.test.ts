import { type Connector, type ConnectorHost, silentLogger } from 'asyncv'
import { afterEach, expect, test, vi } from 'vitest'
import { telegram } from './index.ts'
import { type FakeTelegram, fakeTelegram, type Fault } from './testing/index.ts'

const badWebhook: Fault = {
  type: 'refuse',
  method: 'setWebhook',
  code: 400,
  description: 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook',
}

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function connecting(tg: FakeTelegram) {
  const health: { ok: boolean; detail?: string }[] = []
  const host: ConnectorHost = {
    accept: async () => null,
    state: async () => null,
    logger: silentLogger,
    signal: new AbortController().signal,
    health: (state) => void health.push(state),
  }
  const connector: Connector = telegram({
    token: tg.token,
    apiRoot: tg.url,
    backoff: { firstMs: 10, maxMs: 50 },
    webhook: { url: 'http://127.0.0.1:9/hook', secretToken: 'a-secret_that-nobody-may-see' },
  })
  closing.push(async () => {
    await connector.stop()
    await connector.close?.()
  })
  return { connector, health, start: () => connector.start(host) }
}

async function fake(): Promise<FakeTelegram> {
  const tg = await fakeTelegram()
  closing.push(tg.close)
  return tg
}

test('refuses to start with a webhook that Telegram refuses, and says why', async () => {
  const tg = await fake()
  tg.fault(badWebhook)
  const { start } = await connecting(tg)
  await expect(start()).rejects.toMatchObject({
    name: 'AsyncvError',
    code: 'connector_failed',
    message:
      'Telegram refuses the webhook of tg:4242: Bad Request: bad webhook: An HTTPS URL must be provided for webhook.',
    hint: expect.stringContaining('Check webhook.url'),
  })
})

test.each<Fault>([
  { type: 'refuse', method: 'setWebhook', code: 429, description: 'Too Many Requests: retry after 1', retryAfter: 1 },
  { type: 'gateway', method: 'setWebhook', status: 502 },
  { type: 'cut-before', method: 'setWebhook' },
])('starts all the same, and tries again, when it is only not reached: $type', async (fault) => {
  const tg = await fake()
  tg.fault(fault)
  const { start, health } = await connecting(tg)
  await start()
  expect(health).toEqual([{ ok: false, detail: 'Telegram was not reached yet.' }])
  await vi.waitFor(() => expect(health.at(-1)).toEqual({ ok: true }))
})

test('tells why its webhook is refused when Telegram was reached only after the start', async () => {
  const tg = await fake()
  tg.fault({ type: 'cut-before', method: 'setWebhook' })
  tg.fault(badWebhook)
  const { start, health } = await connecting(tg)
  await start()
  await vi.waitFor(() => expect(health.at(-1)).toEqual({ ok: true }))
  expect(health[1]).toEqual({ ok: false, detail: expect.stringMatching(/An HTTPS URL must be.*Check webhook\.url/) })
})
