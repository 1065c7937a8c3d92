/** The whole way: Telegram sends to the service, the connector looks at the secret, the runtime answers. */
import { createServer, type Listening } from '@asyncv/server'
import { telegram } from '@asyncv/telegram'
import { type FakeTelegram, fakeTelegram } from '@asyncv/telegram/testing'
import { type Asyncv, AsyncvError, createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from './free-port.fixture.ts'

const secretToken = 'a-secret_that-nobody-may-see'

let tg: FakeTelegram
let asyncv: Asyncv
let listening: Listening
let failures = 0
let failure: Error
beforeEach(async () => {
  tg = await fakeTelegram()
  failures = 0
  failure = new Error('the disk takes nothing')
  const port = await freePort()
  const options = { token: tg.token, apiRoot: tg.url, allow: 'everyone', limits: { perChatMs: 0 } } as const
  asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    agents: [{ name: 'helper', model: 'offline/demo' }],
    connectors: {
      tg: telegram({ ...options, webhook: { url: `http://127.0.0.1:${port}/connectors/tg`, secretToken } }),
    },
    hook(point) {
      if (point !== 'connector.accept:before' || failures === 0) return
      failures--
      throw failure
    },
  })
  listening = await createServer(asyncv, { maxBodyBytes: 10_000 }).listen({ host: '127.0.0.1', port })
  await asyncv.start()
})
afterEach(async () => {
  await listening.close({ graceMs: 0 })
  await asyncv.stop({ drainMs: 0 })
  await tg.close()
})

const update = (id: number, text: string) => ({
  update_id: id,
  message: {
    message_id: id,
    from: { id: 7, is_bot: false, first_name: 'Ada' },
    chat: { id: 7, type: 'private' },
    date: 1,
    text,
  },
})

function post(body: unknown, secret: string | null = secretToken, path = '/connectors/tg'): Promise<Response> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (secret !== null) headers['X-Telegram-Bot-Api-Secret-Token'] = secret
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return fetch(listening.url + path, { method: 'POST', headers, body: text })
}

test('what people write comes over the webhook, is answered in order, and is not polled', async () => {
  for (const text of ['one', 'two', 'three']) {
    tg.say(7, text)
    await tg.next(7, ({ from, text: shown }) => from === 'bot' && shown.includes(text))
  }
  expect(tg.calls('getUpdates')).toBe(0)
  expect(tg.webhookAnswers).toEqual([200, 200, 200])
  expect(tg.updates.every(({ confirmedAt }) => confirmedAt !== null)).toBe(true)
})

test('what cannot be kept now is not acknowledged, and answered once when it is sent again', async () => {
  failures = 2
  tg.say(7, 'hello')
  await tg.next(7, ({ from }) => from === 'bot')
  expect(tg.webhookAnswers).toEqual([503, 503, 200])
  expect((await asyncv.tasks()).data).toHaveLength(1)
})

test('what is refused for no fault of its own is not acknowledged, and what never fits is', async () => {
  failures = 2
  failure = new AsyncvError('internal', 'The database is damaged.')
  tg.say(7, 'hello')
  await tg.next(7, ({ from }) => from === 'bot')
  expect(tg.webhookAnswers).toEqual([503, 503, 200])
  failures = 1
  failure = new AsyncvError('input_invalid', 'Never.')
  tg.say(7, 'again')
  await expect.poll(() => tg.webhookAnswers).toEqual([503, 503, 200, 200])
  expect((await asyncv.tasks()).data).toHaveLength(1)
})

test('a replayed update changes nothing', async () => {
  tg.open(7)
  for (let n = 0; n < 3; n++) expect((await post(update(5, 'again'))).status).toBe(200)
  await tg.next(7, ({ from }) => from === 'bot')
  expect((await asyncv.tasks()).data).toHaveLength(1)
})

test.each([
  ['no secret', null],
  ['another', 'b-secret_that-nobody-may-see'],
  ['the beginning of it', secretToken.slice(0, -1)],
  ['more than it', `${secretToken}x`],
  ['another case', secretToken.toUpperCase()],
  ['nothing', ''],
  ['one without end', 'x'.repeat(8_000)],
])('with %s nothing is accepted, nor said', async (_, secret) => {
  const response = await post(update(5, 'forged'), secret)
  expect(response.status).toBe(401)
  expect(await response.text()).toBe('')
  expect((await asyncv.stats()).accepted).toBe(0)
})

test('what is no update is refused, and what is too large is not read', async () => {
  for (const body of ['', '{', '[]', '{"message":{}}', 'null']) expect((await post(body)).status).toBe(400)
  expect((await post('x'.repeat(10_001))).status).toBe(413)
  const get = await fetch(`${listening.url}/connectors/tg`)
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
})

test('needs no key of ours, and shows nothing to a stranger', async () => {
  await asyncv.keys.create({ name: 'k' })
  tg.open(7)
  expect((await post(update(6, 'with keys'))).status).toBe(200)
  const unknown = await post({}, null, '/connectors/nobody')
  expect(unknown.status).toBe(404)
  expect((await fetch(`${listening.url}/v1/tasks`)).status).toBe(401)
})

test('a connector that polls takes nothing over HTTP, and looks like none', async () => {
  const polling = createAsyncv({
    storage: sqlite(':memory:'),
    agents: [{ name: 'helper', model: 'offline/demo' }],
    connectors: { tg: telegram({ token: tg.token, apiRoot: tg.url }) },
  })
  const { runtime } = createServer(polling)
  await polling.start()
  const bodies = await Promise.all(
    ['tg', 'nobody'].map(async (name) => {
      const response = await runtime.fetch(new Request(`http://127.0.0.1/connectors/${name}`, { method: 'POST' }))
      const { requestId: _, ...problem } = (await response.json()) as Record<string, unknown>
      return JSON.stringify({ status: response.status, ...problem }).replaceAll(name, '')
    }),
  )
  expect(bodies[0]).toBe(bodies[1])
  await polling.stop()
  // It took the webhook away to poll; nothing that waits is dropped.
  expect(tg.calls('deleteWebhook')).toBe(1)
})
