/** A canary in every secret, and a look into everything that comes out. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openai } from '@asyncv/openai'
import { fakeModel } from '@asyncv/openai/testing'
import { createServer } from '@asyncv/server'
import { telegram } from '@asyncv/telegram'
import { fakeTelegram } from '@asyncv/telegram/testing'
import {
  AsyncvError,
  createAsyncv,
  createVault,
  type Logger,
  newMasterKey,
  openSecrets,
  type Provider,
  SendError,
} from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { fakeConnector } from 'asyncv/testing'
import { afterEach, expect, test } from 'vitest'

const canary = 'canary7f3a9c'
const operatorKey = `avk_operator_${canary}${'o'.repeat(43 - canary.length)}`
const apiKey = `sk-${canary}-model`
const token = `123456:${canary}-bot-token`
const webhookSecret = `${canary}-webhook`

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function recording(): { logger: Logger; lines: string[] } {
  const lines: string[] = []
  const log = (...said: unknown[]): void => {
    lines.push(JSON.stringify(said, (_, value) => (value instanceof Error ? describeError(value) : value)))
  }
  return { logger: { debug: log, info: log, warn: log, error: log }, lines }
}

/** With everything that a logger could find on it. */
function describeError(error: Error): unknown {
  return { ...error, message: error.message, stack: error.stack, cause: error.cause }
}

test.each([
  ['the services accept them', {}],
  ['the services refuse them', { refuse: true }],
  ['they are in the vault', { inVault: true }],
  ['they are in the vault and the services refuse them', { inVault: true, refuse: true }],
])('no secret is in what comes out when %s', async (_, given: { refuse?: boolean; inVault?: boolean }) => {
  const { refuse = false, inVault = false } = given
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-canary-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  const model = await fakeModel({ apiKey: refuse ? 'another' : apiKey })
  const platform = await fakeTelegram({ token })
  closing.push(
    () => model.close(),
    () => platform.close(),
  )
  const { logger, lines } = recording()
  const key = newMasterKey()
  const vault = createVault({ key })
  const desk = await openSecrets(sqlite(join(folder, 'asyncv.db')), { key })
  const values = { MODEL_KEY: apiKey, TOKEN: token, WEBHOOK: webhookSecret }
  for (const [name, value] of Object.entries(inVault ? values : {})) await desk.put({ name, value })
  await desk.close()
  const held = (name: keyof typeof values) => (inVault ? vault.secret(name) : values[name])
  const asyncv = createAsyncv({
    storage: sqlite(join(folder, 'asyncv.db')),
    vault,
    providers: { main: openai({ baseURL: model.url, apiKey: held('MODEL_KEY') }) },
    connectors: {
      tg: telegram({
        token: held('TOKEN'),
        apiRoot: platform.url,
        webhook: { url: 'https://assistant.example/connectors/tg', secretToken: held('WEBHOOK') },
      }),
    },
    agents: [{ name: 'helper', model: 'main/fake-model' }],
    modelCalls: { maxAttempts: 1 },
    events: { keepMs: 60_000 },
    logger,
  })
  await asyncv.start()
  const server = createServer(asyncv, { operatorKey, logger })
  const runtime = await server.listen({ host: '127.0.0.1', port: 0 })
  const management = await server.management.listen(0)
  closing.push(
    () => asyncv.stop({ drainMs: 0 }),
    () => Promise.all([runtime.close({ graceMs: 0 }), management.close({ graceMs: 0 })]),
  )
  const { key: callerKey, id } = await asyncv.keys.create({ name: 'caller', scopes: ['invoke', 'read', 'operate'] })
  const keySecret = callerKey.slice(`avk_${id}_`.length)

  const said: string[] = []
  async function ask(url: string, path: string, init: RequestInit = {}): Promise<void> {
    const response = await fetch(url + path, {
      ...init,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${callerKey}`, ...init.headers },
    })
    said.push(JSON.stringify([...response.headers]), await response.text())
  }
  const post = (body: object, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    body: JSON.stringify(body),
    headers,
  })
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'ask_helper', arguments: { text: 'hi' } },
  }
  const both = { Accept: 'application/json, text/event-stream' }
  await ask(runtime.url, '/v1/agents/helper/messages', post({ text: 'hi' }))
  await ask(runtime.url, '/v1/agents/helper/messages', post({ text: 'hi' }, { Accept: 'text/event-stream' }))
  await ask(runtime.url, '/openai/v1/responses', post({ model: 'helper', input: 'hi' }))
  await ask(runtime.url, '/mcp', post(call, { ...both, 'Mcp-Protocol-Version': '2025-06-18' }))
  await ask(runtime.url, '/connectors/tg', post({}, { 'X-Telegram-Bot-Api-Secret-Token': 'wrong' }))
  const update = {
    update_id: 1,
    message: {
      message_id: 1,
      date: 1,
      chat: { id: 7, type: 'private' },
      from: { id: 7, is_bot: false, first_name: 'A' },
      text: 'hi',
    },
  }
  await ask(runtime.url, '/connectors/tg', post(update, { 'X-Telegram-Bot-Api-Secret-Token': webhookSecret }))
  for (const path of [
    '/v1/tasks',
    '/v1/sessions',
    '/v1/deliveries',
    '/v1/stats',
    '/metrics',
    '/readyz?verbose',
    '/openapi.json',
    '/v1/agents',
  ]) {
    await ask(runtime.url, path)
  }
  for (const { id: task } of (await asyncv.tasks()).data) {
    await ask(runtime.url, `/v1/tasks/${task}`)
    await ask(runtime.url, `/v1/tasks/${task}/steps`)
  }
  await ask(management.url, '/admin/v1/keys', { headers: { Authorization: `Bearer ${operatorKey}` } })
  await ask(management.url, '/admin/v1/keys', { headers: { Authorization: 'Bearer wrong' } })
  const asOperator = { Authorization: `Bearer ${operatorKey}` }
  const put = { method: 'PUT', body: JSON.stringify({ value: `${canary}-put-now` }), headers: asOperator }
  await ask(management.url, '/admin/v1/secrets/PUT_NOW', put)
  await ask(management.url, '/admin/v1/secrets/PUT_NOW', { ...put, body: `{"value": "${canary}` })
  await ask(management.url, '/admin/v1/secrets', { headers: asOperator })
  await ask(management.url, '/admin/v1/secrets/PUT_NOW', { headers: asOperator })
  await ask(management.url, '/admin/v1/secrets/PUT_NOW', { method: 'DELETE', headers: asOperator })
  // What was made is told once, in the answer that makes it; here it must not come again.
  const events = await asyncv.events({ after: 0, signal: AbortSignal.timeout(300) })
  for await (const event of events) said.push(JSON.stringify(event))

  expect(said.join('\n').includes(refuse ? 'provider_denied' : 'You said: hi')).toBe(true)
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
  const sinks = { answers: said.join('\n'), log: lines.join('\n'), disk: files.join('\n') }
  for (const [sink, text] of Object.entries(sinks)) {
    expect(text.length, sink).toBeGreaterThan(100)
    expect(found(text, canary), sink).toBe('')
    expect(found(text, keySecret), sink).toBe('')
  }
})

test('a start that fails tells no secret, whatever it fails of', async () => {
  const platform = await fakeTelegram({ token: '123456:another' })
  closing.push(() => platform.close())
  const { logger, lines } = recording()
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    connectors: { tg: telegram({ token, apiRoot: platform.url }) },
    agents: [{ name: 'helper', model: 'offline/demo' }],
    logger,
  })
  const error: unknown = await asyncv.start().catch((failure: unknown) => failure)
  expect(error).toBeInstanceOf(AsyncvError)
  expect(found(JSON.stringify([describeError(error as Error), lines]), canary)).toBe('')
})

test('parts and plugins that tell of secrets of the vault, as they are and as they were, are not heard', async () => {
  const vault = createVault({ key: newMasterKey(), elsewhere: () => `${canary}-of-before` })
  const secret = vault.secret('LOUD')
  const { logger, lines } = recording()
  const shout = (): string => `I was shown ${secret.reveal('https://a.example')}, and ${canary}-of-before before`
  const loud: Provider = {
    async *stream() {
      yield { type: 'error', error: { code: 'provider_unavailable', message: shout(), hint: shout(), retryable: true } }
    },
  }
  const platform = fakeConnector({ account: 'loud:1' })
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    vault,
    logger,
    providers: { loud },
    connectors: {
      chat: {
        ...platform,
        async start(host) {
          host.logger.error({ err: new Error(shout()), deep: { list: [shout()] } }, shout())
          host.health({ ok: false, detail: shout() })
          return platform.start(host)
        },
        async send() {
          throw new SendError({ type: 'refused', message: shout() })
        },
      },
    },
    agents: [{ name: 'helper', model: 'loud/x' }],
    modelCalls: { maxAttempts: 2, backoffMs: 1 },
    events: { keepMs: 60_000 },
  })
  const said: unknown[] = []
  await asyncv.start()
  closing.push(() => asyncv.stop({ drainMs: 0 }))
  for (const type of ['model.retried', 'task.failed', 'delivery.dead'] as const) {
    asyncv.on(type, (event) => said.push(event))
  }
  await asyncv.secrets.put({ name: 'LOUD', value: `${canary}-of-now "quoted"` })
  const error: unknown = await asyncv.send({ agent: 'helper', text: 'hi' }).catch((failure: unknown) => failure)
  said.push(describeError(error as Error))
  await asyncv.post({ connector: 'chat', conversation: '7', text: 'hi' })
  await expect.poll(async () => (await asyncv.deliveries()).data[0]?.state).toBe('dead')
  said.push(await asyncv.tasks(), await asyncv.deliveries(), await asyncv.ready())
  for (const { id } of (await asyncv.tasks()).data) said.push(await asyncv.steps(id))
  for await (const event of await asyncv.events({ after: 0, signal: AbortSignal.timeout(300) })) said.push(event)

  expect(JSON.stringify(said).match(/I was shown \[secret LOUD\]/g)?.length).toBeGreaterThan(5)
  expect(lines.join('\n')).toContain('I was shown [secret LOUD]')
  expect(found(JSON.stringify(said), canary)).toBe('')
  expect(found(lines.join('\n'), canary)).toBe('')
})

/** What stands around it, for whoever has to find out how it got there. */
function found(text: string, secret: string): string {
  const at = text.indexOf(secret)
  return at === -1 ? '' : text.slice(Math.max(0, at - 120), at + 120)
}
