import { AsyncvError, createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer } from './server.ts'
import { broken, counting, gated, openService, problemOf, type Service } from './service.fixture.ts'

const model = counting()
let service: Service
beforeAll(async () => {
  service = await openService({ assistant: model, broken })
})
afterAll(() => service.close())

interface Answer {
  task: string
  session: string
  message: string
  reply: { text: string }
}

test('answers a message', async () => {
  const response = await service.post('assistant', { session: 'u', text: 'hello' })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual({
    task: expect.any(String),
    session: 'u',
    message: expect.any(String),
    reply: { text: expect.stringContaining('offline'), parts: [{ type: 'text', text: expect.any(String) }] },
    usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
  })
})

test('takes parts in place of text', async () => {
  const response = await service.post('assistant', { parts: [{ type: 'text', text: 'hello' }] })
  expect(response.status).toBe(200)
})

test('goes on with a conversation by the session it answered', async () => {
  const first = (await (await service.post('assistant', { text: 'one' })).json()) as Answer
  const second = (await (await service.post('assistant', { session: first.session, text: 'two' })).json()) as Answer
  expect(second.session).toBe(first.session)
  const { session } = await service.asyncv.task(second.task)
  expect(await service.asyncv.history(session)).toHaveLength(2)
})

test('a repeat with the same key gets the same answer and asks no model', async () => {
  const first = await (await service.post('assistant', { text: 'hi' }, { 'Idempotency-Key': 'k1' })).json()
  const before = model.calls
  const second = await (await service.post('assistant', { text: 'hi' }, { 'Idempotency-Key': 'k1' })).json()
  expect(second).toEqual(first)
  expect(model.calls).toBe(before)
})

test('a repeat while the first is under way joins it', async () => {
  const slow = gated()
  const own = await openService({ slow })
  const key = { 'Idempotency-Key': 'k' }
  const first = own.post('slow', { text: 'hi' }, key)
  await slow.asked
  const second = own.post('slow', { text: 'hi' }, key)
  slow.letGo()
  expect(await (await second).json()).toEqual(await (await first).json())
  expect((await own.asyncv.tasks()).data).toHaveLength(1)
  await own.close()
})

test('the same key with another body is 422', async () => {
  await service.post('assistant', { text: 'hi' }, { 'Idempotency-Key': 'k2' })
  const response = await service.post('assistant', { text: 'other' }, { 'Idempotency-Key': 'k2' })
  expect(await problemOf(response)).toMatchObject({ status: 422, code: 'idempotency_conflict' })
})

test('an unknown agent is 404 with the known ones', async () => {
  expect(await problemOf(await service.post('asistant', { text: 'hi' }))).toMatchObject({
    status: 404,
    code: 'agent_unknown',
    detail: expect.stringContaining('asistant'),
    hint: expect.stringContaining('assistant, broken'),
  })
})

test('a task that fails is a problem with its task, and a repeat with its key gives the same', async () => {
  const fail = async () => problemOf(await service.post('broken', { text: 'hi' }, { 'Idempotency-Key': 'f' }))
  const first = await fail()
  expect(first).toMatchObject({
    status: 502,
    type: 'application/problem+json',
    code: 'provider_denied',
    title: expect.any(String),
    requestId: expect.any(String),
    task: expect.any(String),
  })
  expect(await fail()).toMatchObject({ status: 502, task: first['task'] })
})

test('a task whose instructions cannot be written is no bug, and has its task', async () => {
  const lost = async (): Promise<string> => Promise.reject(new Error('the prompt is not found'))
  const agents = [{ name: 'lost', model: 'assistant/m', instructions: lost }]
  const own = await openService({ assistant: counting() }, { agents })
  expect(await problemOf(await own.post('lost', { text: 'hi' }))).toMatchObject({
    status: 502,
    code: 'instructions_failed',
    detail: 'The instructions of agent "lost" could not be written: the prompt is not found',
    task: expect.any(String),
  })
  await own.close()
})

test('a task that fails by a bug has its task too, and is no new bug in the log each time it is asked for', async () => {
  const logged: string[] = []
  const log = (level: string) => () => void logged.push(level)
  const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
  const failed = new AsyncvError('internal', 'the secret is out', { task: 'task 7' })
  const bug = { ...service.asyncv, send: () => Promise.reject(failed) }
  const { runtime } = createServer(bug, { logger })
  const request = new Request('http://localhost/v1/agents/assistant/messages', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"text":"hi"}',
  })
  const problem = await problemOf(await runtime.fetch(request))
  expect(problem).toMatchObject({ status: 500, code: 'internal', task: 'task 7' })
  expect(JSON.stringify(problem)).not.toContain('secret')
  expect(logged).toEqual(['debug'])
})

test('answers 202 at once when asked to, and says where to look', async () => {
  const response = await service.post(
    'assistant',
    { session: 'later', text: 'hi' },
    { Prefer: 'respond-async, wait=5' },
  )
  expect(response.status).toBe(202)
  expect(response.headers.get('preference-applied')).toBe('respond-async')
  const accepted = (await response.json()) as Answer
  expect(accepted).toEqual({ task: expect.any(String), session: 'later', message: expect.any(String) })
  await service.asyncv.reply(accepted.task)
  const task = await fetch(service.url + response.headers.get('location'))
  expect(await task.json()).toMatchObject({ id: accepted.task, state: 'done' })
  const timeline = await fetch(`${service.url}/v1/messages/${accepted.message}/timeline`)
  expect(await timeline.json()).toMatchObject({
    message: { id: accepted.message },
    entries: expect.arrayContaining([expect.objectContaining({ what: 'message.received' })]),
  })
})

test('an answer that takes longer than replyTimeoutMs becomes 202, and the task goes on', async () => {
  const slow = gated()
  const own = await openService({ slow }, { replyTimeoutMs: 50 })
  const response = await own.post('slow', { text: 'hi' })
  expect(response.status).toBe(202)
  const accepted = (await response.json()) as Answer
  expect(accepted).toEqual({ task: expect.any(String), session: expect.any(String), message: expect.any(String) })
  expect(response.headers.get('location')).toBe(`/v1/tasks/${accepted.task}`)
  slow.letGo()
  expect(await own.asyncv.reply(accepted.task)).toMatchObject({ text: 'at last', session: accepted.session })
  await own.close()
})

test('cancel ends a running task, and the caller hears 409', async () => {
  const slow = gated()
  const own = await openService({ slow })
  const answer = own.post('slow', { text: 'hi' })
  await slow.asked
  const [running] = (await own.asyncv.tasks({ state: 'running' })).data
  const response = await fetch(`${own.url}/v1/tasks/${running?.id}/cancel`, { method: 'POST' })
  expect(response.status).toBe(200)
  expect(await problemOf(await answer)).toMatchObject({ status: 409, code: 'cancelled', task: running?.id })
  await own.close()
})

test('a client that leaves does not cancel its task', async () => {
  const slow = gated()
  const own = await openService({ slow })
  const leaving = new AbortController()
  const answer = fetch(`${own.url}/v1/agents/slow/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"text":"hi"}',
    signal: leaving.signal,
  })
  await slow.asked
  leaving.abort()
  await expect(answer).rejects.toThrow()
  const [running] = (await own.asyncv.tasks()).data
  slow.letGo()
  expect(await own.asyncv.reply(running?.id ?? '')).toMatchObject({ text: 'at last' })
  await own.close()
})

test.each(['application/json', 'text/event-stream'])(
  'one that asked to takes its task with it (%s)',
  async (accept) => {
    const slow = gated()
    const own = await openService({ slow })
    const leaving = new AbortController()
    const answer = fetch(`${own.url}/v1/agents/slow/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: accept },
      body: '{"text":"hi","onDisconnect":"cancel"}',
      signal: leaving.signal,
    })
    await slow.asked
    if (accept !== 'application/json') await answer
    leaving.abort()
    if (accept === 'application/json') await expect(answer).rejects.toThrow()
    const stateOf = async () => (await own.asyncv.tasks()).data[0]?.state
    await expect.poll(stateOf).toBe('cancelled')
    await own.close()
  },
)

test('a task is waited for as long as the client would like, and no longer', async () => {
  const slow = gated()
  const own = await openService({ slow })
  const { task } = (await (await own.post('slow', { text: 'hi' }, { Prefer: 'respond-async' })).json()) as {
    task: string
  }
  await slow.asked
  const look = async (prefer: string) =>
    (await (await fetch(`${own.url}/v1/tasks/${task}`, { headers: { Prefer: prefer } })).json()) as { state: string }
  expect(await look('handling=strict, wait=0')).toMatchObject({ state: 'running' })
  const begun = performance.now()
  expect(await look('wait=1')).toMatchObject({ state: 'running' })
  expect(performance.now() - begun).toBeGreaterThan(900)
  const ended = look('wait="30"')
  slow.letGo()
  expect(await ended).toMatchObject({ state: 'done' })
  await own.close()
})

test('a full inbox is 429 with the time to wait, and accepts nothing', async () => {
  const slow = gated()
  const own = await openService({ slow }, { maxOpenTasks: 1 })
  const first = own.post('slow', { text: 'hi' })
  await slow.asked
  const refused = await own.post('slow', { text: 'hi' })
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'overloaded' })
  expect((await own.asyncv.tasks()).data).toHaveLength(1)
  slow.letGo()
  expect((await first).status).toBe(200)
  await own.close()
})

test('a runtime that does not run is 503 with the time to wait', async () => {
  const { runtime } = createServer(createAsyncv({ storage: sqlite(':memory:'), providers: {}, agents: [assistant] }))
  const response = await runtime.fetch(
    new Request('http://localhost/v1/agents/assistant/messages', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"text":"hi"}',
    }),
  )
  expect(response.headers.get('retry-after')).toBe('1')
  expect(await problemOf(response)).toMatchObject({ status: 503, code: 'not_running' })
})

const assistant = { name: 'assistant', model: 'offline/demo' }
