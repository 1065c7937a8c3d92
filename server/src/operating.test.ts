import { type Asyncv, createAsyncv, type Connector, defineConnector, secretText } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { fakeConnector } from 'asyncv/testing'
import { onTestFinished, expect, test } from 'vitest'
import { z } from 'zod'
import { createServer } from './server.ts'
import { broken, gated, problemOf } from './service.fixture.ts'

const operatorKey = `avk_operator_${'o'.repeat(43)}`

interface Place {
  asyncv: Asyncv
  ask(method: string, path: string): Promise<Response>
  json(method: string, path: string): Promise<Record<string, unknown>>
  /** What the listener for callers answers. */
  call(method: string, path: string, body?: object): Promise<Response>
}

async function place(
  connectors: Record<string, Connector> = {},
  notReadyMs = 0,
): Promise<Place & { model: ReturnType<typeof gated> }> {
  const model = gated()
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    providers: {
      main: model,
      broken: { ...broken, test: async () => ({ ok: false, problem: 'bad key', hint: 'mend it' }) },
    },
    connectors,
    releases: {},
    definitions: async () => [
      defineConnector({
        type: 'pager',
        options: z.strictObject({ token: secretText(/./, 'is empty') }),
        create: () => fakeConnector(),
      }),
    ],
    agents: [{ name: 'helper', model: 'main/any' }],
  })
  await asyncv.start()
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  const server = createServer(asyncv, { operatorKey, notReadyMs })
  const ask = async (method: string, path: string): Promise<Response> =>
    server.management.fetch(
      new Request(`http://127.0.0.1/admin/v1${path}`, { method, headers: { Authorization: `Bearer ${operatorKey}` } }),
    )
  return {
    asyncv,
    model,
    ask,
    json: async (method, path) => (await (await ask(method, path)).json()) as Record<string, unknown>,
    call: async (method, path, body) =>
      server.runtime.fetch(
        new Request(`http://127.0.0.1${path}`, {
          method,
          headers: { 'Content-Type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      ),
  }
}

test('the status tells of the process, its readiness, and every part', async () => {
  const { json, asyncv } = await place({ chat: fakeConnector() })
  await asyncv.accept({ agent: 'helper', text: 'hi' })
  expect(await json('GET', '/status')).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    node: process.version,
    pid: process.pid,
    runtimeId: (await asyncv.releases.state()).runtime,
    release: null,
    uptimeMs: expect.any(Number),
    ready: true,
    checks: [
      { name: 'storage', ok: true },
      { name: 'connector chat', ok: true },
    ],
    connectors: [{ name: 'chat', state: 'connected', account: 'fake:1', agent: 'helper' }],
    providers: [{ name: 'offline' }, { name: 'main' }, { name: 'broken' }],
    inbox: { queued: 0, running: 1 },
    drain: { state: 'off' },
  })
})

test('types and routes tell what there is', async () => {
  const { json } = await place({ chat: fakeConnector() })
  const { types, tools } = (await json('GET', '/types')) as { types: object[]; tools: object[] }
  expect(types).toMatchObject([
    {
      kind: 'connector',
      type: 'pager',
      origin: 'built-in',
      options: { properties: { token: { format: 'password' } } },
    },
  ])
  expect(tools).toMatchObject([{ name: 'time', effect: 'read' }, { name: 'calculator' }])
  expect(await json('GET', '/routes')).toEqual({ data: [{ connector: 'chat', agent: 'helper' }] })
})

test('a drain refuses with 503 and a Retry-After, ends when all is done, and can be undone', async () => {
  const { ask, json, call, model, asyncv } = await place()
  const { task } = await asyncv.accept({ agent: 'helper', text: 'hi' })
  expect(await json('POST', '/drain')).toMatchObject({ state: 'draining', tasks: 1 })
  expect((await call('GET', '/readyz')).status).toBe(503)
  const refused = await call('POST', '/v1/agents/helper/messages', { text: 'new' })
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await problemOf(refused)).toMatchObject({ status: 503, code: 'not_running' })
  model.letGo()
  await asyncv.reply(task)
  await expect.poll(() => json('GET', '/drain')).toMatchObject({ state: 'drained', tasks: 0 })
  expect((await call('GET', `/v1/tasks/${task}`)).status).toBe(200)
  expect(await json('DELETE', '/drain')).toMatchObject({ state: 'off' })
  expect((await call('POST', '/v1/agents/helper/messages', { text: 'new' })).status).toBe(200)
  const { data } = await asyncv.audit.list({ order: 'oldest' })
  expect(data.map(({ actor, action }) => [actor.id, action])).toEqual([
    ['operator', 'drain.begun'],
    ['operator', 'drain.undone'],
  ])
  expect((await ask('POST', '/drain/now')).status).toBe(404)
})

test('a drain is not ready first', async () => {
  const { json, call, model } = await place({}, 400)
  model.letGo()
  expect(await json('POST', '/drain')).toMatchObject({ state: 'leaving' })
  expect((await call('GET', '/readyz')).status).toBe(503)
  expect((await call('POST', '/v1/agents/helper/messages', { text: 'still' })).status).toBe(200)
  await expect.poll(() => json('GET', '/drain'), { timeout: 5_000 }).toMatchObject({ state: 'drained' })
})

test('connectors are stopped, started and tested, and who did it is written down', async () => {
  const { json, asyncv } = await place({ chat: fakeConnector() })
  expect(await json('POST', '/connectors/chat/stop')).toMatchObject({ name: 'chat', state: 'stopped', ok: false })
  expect(await json('POST', '/connectors/chat/test')).toMatchObject({ name: 'chat', result: 'ok', latencyMs: 0 })
  expect(await json('POST', '/connectors/chat/start')).toMatchObject({ state: 'connected', ok: true })
  const { data } = await asyncv.audit.list({ order: 'oldest' })
  expect(data.map(({ actor, action, target }) => [actor.id, action, target])).toEqual([
    ['operator', 'connector.stopped', 'chat'],
    ['operator', 'connector.started', 'chat'],
  ])
})

test('a provider is tested; that it fails is an answer', async () => {
  const { json, ask } = await place()
  expect(await json('POST', '/providers/offline/test')).toMatchObject({ result: 'ok', models: ['demo'] })
  expect(await json('POST', '/providers/broken/test')).toMatchObject({
    result: 'failed',
    detail: 'bad key',
    hint: 'mend it',
  })
  expect(await json('POST', '/providers/main/test')).toMatchObject({ result: 'untestable' })
  expect(await problemOf(await ask('POST', '/providers/nobody/test'))).toMatchObject({
    status: 404,
    code: 'provider_unknown',
  })
  for (const action of ['start', 'stop', 'test']) {
    const refused = await problemOf(await ask('POST', `/connectors/nobody/${action}`))
    expect(refused).toMatchObject({ status: 404, code: 'connector_unknown' })
  }
})

test('a connector that cannot be started says why', async () => {
  const chat = fakeConnector()
  let taken = false
  const { json, ask, asyncv } = await place({
    chat: { ...chat, start: async (host) => (taken ? { account: 'fake:2' } : chat.start(host)) },
    other: fakeConnector({ account: 'fake:2' }),
  })
  await json('POST', '/connectors/chat/stop')
  taken = true
  expect(await problemOf(await ask('POST', '/connectors/chat/start'))).toMatchObject({
    status: 409,
    code: 'state_conflict',
    detail: expect.stringContaining('"other"'),
  })
  expect((await asyncv.status()).connectors[0]).toMatchObject({ name: 'chat', state: 'stopped' })
})
