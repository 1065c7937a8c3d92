import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { eventsOf, gated, openService, problemOf, type Service } from './service.fixture.ts'
import { everySpace, offline } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'

const operatorKey = `avk_operator_${'o'.repeat(43)}`

let service: Service
const made: Record<string, string> = {}
let ids: Record<string, string> = {}

beforeAll(async () => {
  service = await openService({ open: offline(), hidden: offline() }, {}, { operatorKey })
  const { keys } = service.asyncv
  // What is there before there are keys belongs to the default space.
  const said = (await (await service.post('open', { text: 'hi' })).json()) as { task: string; message: string }
  const { session } = await service.asyncv.task(said.task)
  ids = { task: said.task, message: said.message, session }
  const make = async (name: string, input: object = {}) => (made[name] = (await keys.create({ name, ...input })).key)
  await make('default')
  await make('everywhere', { space: everySpace })
  await make('everywhere with one', { space: everySpace, agents: ['hidden'] })
  await make('sales', { space: 'sales' })
  await make('narrow', { agents: ['hidden'] })
  await make('reader', { scopes: ['read'] })
  await make('invoker', { scopes: ['invoke'] })
  await make('operates', { scopes: ['operate'] })
  made['revoked'] = await make('gone')
  await keys.revoke((await keys.find(made['revoked']))?.id ?? '')
  made['operator'] = operatorKey
})
afterAll(() => service.close())

const as = (name: string): Record<string, string> => ({ Authorization: `Bearer ${made[name]}` })
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${service.url}${path}`, { headers })

describe('once there are keys', () => {
  test('who sends none is told how, and nothing else', async () => {
    const refused = await get('/v1/tasks')
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="asyncv"')
    expect(await problemOf(refused)).toMatchObject({ status: 401, code: 'key_missing' })
    const posted = await service.post('open', { text: 'hi' })
    expect(await problemOf(posted)).toMatchObject({ status: 401, code: 'key_missing' })
  })

  test.each(['/livez', '/healthz', '/readyz', '/openapi.json'])('%s needs none', async (path) => {
    expect((await get(path)).status).toBe(200)
  })

  test.each([
    ['of another form', 'Bearer sk-abc'],
    ['of another scheme', 'Basic YTpi'],
    ['without a token', 'Bearer '],
    ['that nobody has', `Bearer avk_${'0'.repeat(20)}_${'x'.repeat(43)}`],
    ['with a word too many', 'Bearer a b'],
  ])('a credential %s is refused', async (_, authorization) => {
    const refused = await get('/v1/agents', { Authorization: authorization })
    expect(refused.headers.get('www-authenticate')).toContain('invalid_token')
    expect(await problemOf(refused)).toMatchObject({ status: 401, code: 'key_invalid' })
  })

  test('one that was revoked is refused', async () => {
    expect(await problemOf(await get('/v1/agents', as('revoked')))).toMatchObject({ status: 401, code: 'key_invalid' })
  })

  test.each([
    ['reader', 'POST', '/v1/agents/open/messages'],
    ['reader', 'POST', '/v1/tasks/{task}/cancel'],
    ['invoker', 'GET', '/v1/tasks'],
    ['invoker', 'GET', '/v1/sessions'],
    ['invoker', 'GET', '/v1/tasks/{task}/steps'],
    ['invoker', 'GET', '/v1/messages/{message}/timeline'],
    ['invoker', 'GET', '/metrics'],
    ['default', 'POST', '/v1/tasks/{task}/retry'],
    ['default', 'POST', '/v1/deliveries/any/retry'],
    ['operates', 'GET', '/v1/tasks/{task}'],
  ])('%s may not %s %s', async (name, method, path) => {
    const url = service.url + path.replace(/\{(\w+)\}/, (_, what: string) => ids[what] ?? '')
    const headers = { ...as(name), 'Content-Type': 'application/json' }
    const refused = await fetch(url, { method, headers, ...(method === 'POST' ? { body: '{"text":"hi"}' } : {}) })
    expect(await problemOf(refused)).toMatchObject({ status: 403, code: 'scope_missing' })
    // RFC 6750, section 3.1.
    expect(refused.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="asyncv", error="insufficient_scope", scope="\w+"$/,
    )
  })

  test.each(['sales', 'narrow'])('what is not for %s is not there for it', async (name) => {
    const foreign = [
      `/v1/tasks/${ids['task']}`,
      `/v1/tasks/${ids['task']}/steps`,
      `/v1/sessions/${ids['session']}`,
      `/v1/sessions/${ids['session']}/messages`,
      `/v1/messages/${ids['message']}/timeline`,
    ]
    for (const path of foreign) {
      const nobodys = path.replace(/[0-9a-f-]{36}/, 'nobody')
      const { requestId: _, ...problem } = await problemOf(await get(path, as(name)))
      const { requestId: __, ...expected } = await problemOf(await get(nobodys, as(name)))
      expect(problem.status, path).toBe(404)
      // Word for word as for an id that nobody ever had.
      expect(JSON.stringify(problem).replace(/[0-9a-f-]{36}/, 'nobody')).toBe(JSON.stringify(expected))
      expect((await get(path, as('default'))).status, path).toBe(200)
      expect((await get(path, as('operator'))).status, path).toBe(200)
    }
    for (const list of ['/v1/tasks', '/v1/sessions', '/v1/deliveries']) {
      expect(((await (await get(list, as(name))).json()) as { data: unknown[] }).data, list).toEqual([])
    }
    expect(((await (await get('/v1/tasks', as('default'))).json()) as { data: unknown[] }).data).not.toEqual([])
  })

  test('two spaces that use the same session and the same idempotency key never meet', async () => {
    const body = { session: 'same', text: 'hi' }
    const tasks = await Promise.all(
      ['default', 'sales'].map(async (name) => {
        const sent = await service.post('open', body, { ...as(name), 'Idempotency-Key': 'same' })
        expect(sent.status).toBe(200)
        return ((await sent.json()) as { task: string }).task
      }),
    )
    expect(new Set(tasks).size).toBe(2)
    const seen = (await (await get('/v1/tasks', as('sales'))).json()) as { data: { id: string }[] }
    expect(seen.data.map(({ id }) => id)).toEqual([tasks[1]])
  })

  test('a key for every space sees all of them, and what it sends belongs to the default one, as the operator’s does', async () => {
    const { task } = (await (await service.post('open', { text: 'hi' }, as('sales'))).json()) as { task: string }
    expect((await get(`/v1/tasks/${task}`, as('everywhere'))).status).toBe(200)
    expect((await get(`/v1/tasks/${task}`, as('default'))).status).toBe(404)
    const body = { session: 'of one', text: 'hi' }
    const tasks = await Promise.all(
      ['everywhere', 'operator', 'default'].map(async (name) => {
        const sent = await service.post('open', body, { ...as(name), 'Idempotency-Key': 'of one' })
        return ((await sent.json()) as { task: string }).task
      }),
    )
    expect(new Set(tasks).size).toBe(1)
  })

  test('a key for every space has no more than its scopes and agents', async () => {
    const retried = await fetch(`${service.url}/v1/tasks/${ids['task']}/retry`, {
      method: 'POST',
      headers: as('everywhere'),
    })
    expect(await problemOf(retried)).toMatchObject({ status: 403, code: 'scope_missing' })
    expect((await get(`/v1/tasks/${ids['task']}`, as('everywhere with one'))).status).toBe(404)
  })

  test('a key for some agents knows of no other', async () => {
    expect(await (await get('/v1/agents', as('narrow'))).json()).toMatchObject({ data: [{ name: 'hidden' }] })
    const refused = await problemOf(await service.post('open', { text: 'hi' }, as('narrow')))
    expect(refused).toMatchObject({ status: 404, code: 'agent_unknown', hint: 'Known agents: hidden.' })
  })

  test.each([
    [['hidden', 'gone'], 'Known agents: hidden.'],
    [['gone'], 'The key is for agents that there are not; make one without --agents, or with others.'],
  ])('a key for %j hears of no other where one of those is gone', async (agents, hint) => {
    const { key } = await service.asyncv.keys.create({ name: 'stale', agents })
    const refused = await problemOf(await service.post('gone', { text: 'hi' }, { Authorization: `Bearer ${key}` }))
    expect(refused).toMatchObject({ status: 404, code: 'agent_unknown', hint })
    expect(JSON.stringify(refused)).not.toContain('open')
  })
})

test('a stream ends within a second of its key being revoked, and so does a call that waits', async () => {
  const model = gated()
  const { asyncv, post, close } = await openService({ slow: model })
  const { key, id } = await asyncv.keys.create({ name: 'short' })
  const headers = { Authorization: `Bearer ${key}` }
  const streamed = await post('slow', { text: 'hi' }, { ...headers, Accept: 'text/event-stream' })
  const waiting = post('slow', { text: 'hi' }, headers)
  await model.asked
  const revokedAt = performance.now()
  await asyncv.keys.revoke(id)
  expect((await eventsOf(streamed)).at(-1)).toMatchObject({ event: 'error', data: { code: 'key_invalid' } })
  expect(await problemOf(await waiting)).toMatchObject({ status: 401, code: 'key_invalid' })
  expect(performance.now() - revokedAt).toBeLessThan(1_000)
  model.letGo()
  await close()
})

test('a key that is revoked while the body comes in has sent nothing', async () => {
  const { asyncv, url, close } = await openService({ demo: offline() })
  const { key, id } = await asyncv.keys.create({ name: 'slow' })
  const send = (path: string, type: string, body: string): { status: Promise<number>; end(): void } => {
    const { port } = new URL(url)
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': type, 'Content-Length': String(body.length) }
    const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', path, headers })
    request.write(body.slice(0, 5))
    const answered = once(request, 'response') as Promise<[IncomingMessage]>
    return {
      status: answered.then(([answer]) => answer.resume().statusCode ?? 0),
      end: () => request.end(body.slice(5)),
    }
  }
  const slow = [
    send('/v1/agents/demo/messages', 'application/json', '{"text":"hi"}'),
    send('/v1/files', 'application/octet-stream', 'some bytes'),
  ]
  await sleep(300)
  await asyncv.keys.revoke(id)
  await sleep(1_000)
  for (const { end } of slow) end()
  expect(await Promise.all(slow.map(({ status }) => status))).toEqual([401, 401])
  expect((await asyncv.stats()).accepted).toBe(0)
  expect((await asyncv.files.list()).data).toEqual([])
  await close()
})

test('who reads slowly gets no more when their key is revoked, of events as of a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const storage = sqlite(join(folder, 'asyncv.db'))
  const { asyncv, fetch: ask, close } = await openService({ demo: offline() }, { storage, events: { keepMs: 60_000 } })
  for (let n = 0; n < 10; n++) await asyncv.send({ agent: 'demo', text: 'hi' })
  const file = await asyncv.files.put({ bytes: Buffer.alloc(1_000_000) })
  const { key, id } = await asyncv.keys.create({ name: 'slow' })
  const begin = async (path: string) => {
    const request = new Request(`http://localhost${path}`, { headers: { Authorization: `Bearer ${key}` } })
    const reader = ((await ask(request)).body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    return reader
  }
  const events = await begin('/v1/events?after=0')
  const bytes = await begin(`/v1/files/${file.id}/content`)
  await asyncv.keys.revoke(id)
  await sleep(1_000)
  const heard: string[] = []
  for (let next = await events.read(); !next.done; next = await events.read()) {
    heard.push(Buffer.from(next.value).toString())
  }
  // One was on its way already.
  expect(heard).toHaveLength(2)
  expect(heard[1]).toContain('"code":"key_invalid"')
  await expect(bytes.read()).rejects.toMatchObject({ code: 'key_invalid' })
  await close()
})

test('without keys, clients that cannot do without a token may send any, but not one that looks like a key', async () => {
  const { url, close } = await openService({ open: offline() })
  const asked = (token: string): Promise<Response> =>
    fetch(`${url}/v1/agents`, { headers: { Authorization: `Bearer ${token}` } })
  expect((await asked('sk-none')).status).toBe(200)
  expect((await asked(`avk_1_${'x'.repeat(43)}`)).status).toBe(401)
  await close()
})

test('what keys have closed stays closed when the last one is revoked, or has expired', async () => {
  for (const end of ['revoked', 'expired']) {
    const service = await openService({ demo: offline() })
    const expiresAt = end === 'expired' ? { expiresAt: Date.now() + 20 } : {}
    const { id } = await service.asyncv.keys.create({ name: 'last', ...expiresAt })
    if (end === 'revoked') await service.asyncv.keys.revoke(id)
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect((await service.post('demo', { text: 'hi' })).status, end).toBe(401)
    await service.close()
  }
})
