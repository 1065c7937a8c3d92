import { setTimeout as sleep } from 'node:timers/promises'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { scripted } from 'asyncv/testing'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer } from './server.ts'
import { counting, openService, problemOf, type Service } from './service.fixture.ts'
import { version } from './version.ts'

let service: Service
beforeAll(async () => {
  service = await openService({ assistant: counting() })
})
afterAll(() => service.close())

const get = (path: string): Promise<Response> => fetch(service.url + path)

test('is alive and ready', async () => {
  expect(await (await get('/livez')).json()).toEqual({ status: 'ok' })
  expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' })
  const ready = await get('/readyz?verbose')
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, checks: [{ name: 'storage', ok: true }] }])
})

test('is alive but not ready before the start, and says which check fails', async () => {
  const asyncv = createAsyncv({ storage: sqlite(':memory:'), providers: {}, agents: [assistant] })
  const { runtime } = createServer(asyncv)
  expect((await runtime.fetch(new Request('http://localhost/livez'))).status).toBe(200)
  const ready = await runtime.fetch(new Request('http://localhost/readyz'))
  expect(ready.status).toBe(503)
  expect(await ready.json()).toEqual({ ready: false, checks: [{ name: 'runtime', ok: false, detail: 'not started' }] })
})

test('metrics are in the exposition format, each with its type, none twice', async () => {
  await service.post('assistant', { text: 'hi' })
  const response = await get('/metrics')
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await response.text()
  expect(text.endsWith('\n')).toBe(true)
  const samples = new Map<string, number>()
  let type = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const declared = /^# TYPE ([a-z_]+) (gauge|counter|histogram)$/.exec(line)
    const sample = /^([a-z_]+)(\{[a-z]+="[^"\\\n]*"(?:,[a-z]+="[^"\\\n]*")*\})? (-?\d+(?:\.\d+)?(?:e-?\d+)?)$/.exec(
      line,
    )
    if (declared !== null) type = declared[1] ?? ''
    else if (sample === null) expect(line).toMatch(/^(# HELP [a-z_]+ .+)?$/)
    else {
      expect(sample[1]?.replace(/_(bucket|sum|count)$/, '')).toBe(type)
      expect(samples.has(sample[1] + (sample[2] ?? ''))).toBe(false)
      samples.set(sample[1] + (sample[2] ?? ''), Number(sample[3]))
    }
  }
  expect(Object.fromEntries(samples)).toMatchObject({
    asyncv_inbox_depth: 0,
    'asyncv_tasks{state="running"}': 0,
    asyncv_outbox_pending: 0,
    asyncv_uncertain_sends: 0,
    asyncv_dead_letters: 0,
    asyncv_messages_accepted_total: 1,
    'asyncv_tasks_ended_total{outcome="done"}': 1,
    asyncv_task_own_seconds_count: 1,
    asyncv_commits_total: expect.any(Number),
    asyncv_transactions_total: expect.any(Number),
    asyncv_resident_memory_bytes: expect.any(Number),
    asyncv_heap_used_bytes: expect.any(Number),
    asyncv_uptime_seconds: expect.any(Number),
    [`asyncv_build_info{version="${version}",node="${process.version}"}`]: 1,
  })
})

test('says what models cost, where a price is configured', async () => {
  const usage = { inputTokens: 1_000, outputTokens: 500 }
  const reply = () => ({ text: 'hi', usage })
  const own = await openService(
    { dear: scripted(reply), free: scripted(reply) },
    { prices: { 'dear/m': { input: 2, output: 8 } } },
  )
  const costs: (number | null)[] = []
  own.asyncv.on('model.finished', ({ cost }) => void costs.push(cost))
  for (const agent of ['dear', 'dear', 'free']) await own.post(agent, { text: 'hi' })
  const text = await (await fetch(`${own.url}/metrics`)).text()
  await own.close()
  expect(costs).toEqual([0.006, 0.006, null])
  expect([...text.matchAll(/^asyncv_model_cost_total.*$/gm)].map(([line]) => line)).toEqual([
    'asyncv_model_cost_total{model="dear/m"} 0.012',
  ])
  const prices = { 'dear/m': { input: -1, output: Number.NaN } }
  await expect(openService({ dear: scripted([]) }, { prices })).rejects.toThrow(/prices\["dear\/m"\] is/)
})

test('a task whose model did not answer says nothing of our own time', async () => {
  const own = await openService({
    model: scripted([{ error: { code: 'provider_refused', message: 'no', retryable: false } }]),
  })
  await own.post('model', { text: 'hi' })
  const text = await (await fetch(`${own.url}/metrics`)).text()
  await own.close()
  expect(text).toContain('asyncv_tasks_ended_total{outcome="failed"} 1')
  expect(text).toContain('asyncv_task_own_seconds_count 0')
})

test('what is waited for until a model is asked again is the call’s time and not our own', async () => {
  const error = { code: 'provider_unavailable', message: 'slow down', retryable: true, retryAfterMs: 1_500 } as const
  const own = await openService({ model: scripted([{ error }, 'hi']) })
  const { task } = (await (await own.post('model', { text: 'hi' })).json()) as { task: string }
  const [step] = (await own.asyncv.steps(task)).filter(({ kind }) => kind === 'model')
  const text = await (await fetch(`${own.url}/metrics`)).text()
  await own.close()
  const sumOf = (name: string): number => Number(new RegExp(`^${name}(?:{.*})? (.*)$`, 'm').exec(text)?.[1])
  expect(sumOf('asyncv_task_own_seconds_count')).toBe(1)
  expect(sumOf('asyncv_task_own_seconds_sum')).toBeLessThan(1)
  expect(sumOf('asyncv_model_call_seconds_sum')).toBeGreaterThanOrEqual(1.5)
  expect((step?.endedAt ?? 0) - (step?.startedAt ?? 0)).toBeGreaterThanOrEqual(1_500)
})

test('a tool that a model invents is no new label', async () => {
  const model = scripted([{ toolCalls: [{ name: 'rm_rf', args: {} }] }, { text: 'done' }])
  const own = await openService({ model })
  await own.post('model', { text: 'hi' })
  const text = await (await fetch(`${own.url}/metrics`)).text()
  await own.close()
  expect(text).toContain('asyncv_tool_call_seconds_count{tool="unknown",outcome="error"} 1')
  expect(text).not.toContain('rm_rf')
})

test('an idle event loop is not said to be late', async () => {
  const median = async (): Promise<number> => {
    const text = await (await get('/metrics')).text()
    return Number(/^asyncv_event_loop_delay_seconds\{percentile="50"\} (.*)$/m.exec(text)?.[1])
  }
  await median()
  // Before there are many samples, any median is small.
  await sleep(600)
  // Since the first look: what was not idle counts for less and less.
  await expect.poll(median, { timeout: 15_000, interval: 300 }).toBeLessThan(0.015)
})

test('the OpenAPI document has every route, and resolves its own references', async () => {
  const document = (await (await get('/openapi.json')).json()) as {
    openapi: string
    info: { version: string }
    paths: Record<string, object>
    components: { schemas: Record<string, unknown> }
  }
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version } })
  expect(Object.keys(document.paths).sort()).toEqual([
    '/healthz',
    '/livez',
    '/metrics',
    '/openai/v1/chat/completions',
    '/openai/v1/models',
    '/openai/v1/models/{model}',
    '/openai/v1/responses',
    '/openai/v1/responses/{id}',
    '/openai/v1/responses/{id}/cancel',
    '/readyz',
    '/v1/agents',
    '/v1/agents/{agent}',
    '/v1/agents/{agent}/messages',
    '/v1/deliveries',
    '/v1/deliveries/{id}/discard',
    '/v1/deliveries/{id}/retry',
    '/v1/events',
    '/v1/files',
    '/v1/files/{id}',
    '/v1/files/{id}/content',
    '/v1/messages/{id}/timeline',
    '/v1/sessions',
    '/v1/sessions/{id}',
    '/v1/sessions/{id}/messages',
    '/v1/stats',
    '/v1/tasks',
    '/v1/tasks/{id}',
    '/v1/tasks/{id}/cancel',
    '/v1/tasks/{id}/retry',
    '/v1/tasks/{id}/steps',
  ])
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name)
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(references))
  expect(references).toEqual(
    expect.arrayContaining(['MessageRequest', 'MessageReply', 'StreamEvent', 'Problem', 'Task']),
  )
})

test('the README and the OpenAPI document name every event of a stream', async () => {
  const { components } = (await (await get('/openapi.json')).json()) as {
    components: { schemas: { StreamEvent: { anyOf: Described[] } } }
  }
  const described = components.schemas.StreamEvent.anyOf
  expect(described.pop()).toEqual({ $ref: '#/components/schemas/Problem' })
  const names = described.map(({ properties }) => properties.type.enum[0])
  expect(names).toHaveLength(8)
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const name of [...names, 'error']) expect(readme).toContain(`| \`${name}\``)
})

test('the version is the manifest’s', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  expect(version).toBe(manifest.version)
})

test('mounts in an app', async () => {
  const app = new Hono().mount('/assistant', createServer(service.asyncv).runtime.fetch)
  const response = await app.request('http://localhost/assistant/v1/agents/assistant/messages', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"text":"hi"}',
  })
  expect([response.status, await response.json()]).toMatchObject([200, { reply: { text: expect.any(String) } }])
})

test('mounted, it answers loopback hosts only, unless it is told of others', async () => {
  const app = new Hono().mount('/assistant', createServer(service.asyncv).runtime.fetch)
  const refused = await app.request('http://evil.example/assistant/v1/tasks/1')
  expect(await problemOf(refused)).toMatchObject({
    status: 421,
    code: 'host_refused',
    hint: expect.stringContaining('authenticated'),
  })
  const headers = { Host: 'app.example' }
  expect((await app.request('http://127.0.0.1/assistant/livez', { headers })).status).toBe(421)
  const named = createServer(service.asyncv, { allowedHosts: ['app.example'] }).runtime
  expect((await named.fetch(new Request('http://app.example/livez'))).status).toBe(200)
})

test('a bug is a 500 that tells nothing, and its line in the log has the same request id', async () => {
  const { logged, logger } = keepingLogger()
  const bug = { ...service.asyncv, task: () => Promise.reject(new Error('the secret is out')) }
  const { runtime } = createServer(bug, { logger })
  const problem = await problemOf(await runtime.fetch(new Request('http://localhost/v1/tasks/1')))
  expect(problem).toMatchObject({ status: 500, code: 'internal' })
  expect(JSON.stringify(problem)).not.toContain('secret')
  expect(logged).toMatchObject([{ level: 'error', requestId: problem['requestId'], path: '/v1/tasks/1' }])
  expect(JSON.stringify(logged)).toContain('the secret is out')
})

test.each([
  ['GET', '/v1/tasks/none', 404],
  ['GET', '/nothing', 404],
  ['DELETE', '/v1/tasks/none', 405],
  ['POST', '/v1/agents/assistant/messages', 415],
])(
  '%s %s is answered %i, and the log has its request id without what the problem tells',
  async (method, path, status) => {
    const { logged, logger } = keepingLogger()
    const { runtime } = createServer(service.asyncv, { logger })
    const problem = await problemOf(await runtime.fetch(new Request(`http://localhost${path}`, { method })))
    const { requestId, code } = problem
    expect(problem['status']).toBe(status)
    expect(logged).toEqual([{ level: 'debug', requestId, method, path, status, code }])
  },
)

function keepingLogger() {
  const logged: Record<string, unknown>[] = []
  const keep = (level: string) => (fields: object) => void logged.push({ level, ...fields })
  return {
    logged,
    logger: { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') },
  }
}

/** An event in the OpenAPI document. */
interface Described {
  properties: { type: { enum: [string] } }
}

const assistant = { name: 'assistant', model: 'offline/demo' }

const promtool = spawnSync('promtool', ['--version']).error === undefined
if (!promtool)
  console.warn('SKIPPED: promtool is not installed (apt-get install prometheus), so nothing judges the metrics.')

test.skipIf(!promtool)('promtool finds nothing to object to in the metrics', async () => {
  await service.post('assistant', { text: 'what is 6 * 7' })
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: await (await get('/metrics')).text(),
    encoding: 'utf8',
  })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})
