import { createAsyncv, type Scope, scopes } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer, type Server } from './server.ts'

const operatorKey = `avk_operator_${'o'.repeat(43)}`
const asyncv = createAsyncv({
  storage: sqlite(':memory:'),
  agents: [{ name: 'helper', model: 'offline/demo' }],
  events: { keepMs: 60_000 },
})
const keys = new Map<Scope, string>()
let server: Server

beforeAll(async () => {
  await asyncv.start()
  server = createServer(asyncv, { operatorKey })
  for (const scope of scopes) keys.set(scope, (await asyncv.keys.create({ name: scope, scopes: [scope] })).key)
})
afterAll(() => asyncv.stop({ drainMs: 0 }))

/** What each of them reads before it does anything. */
const bodies: Record<string, object> = {
  'POST /v1/agents/{agent}/messages': { text: 'hi' },
  'POST /openai/v1/chat/completions': { model: 'helper', messages: [{ role: 'user', content: 'hi' }] },
  'POST /openai/v1/responses': { model: 'helper', input: 'hi' },
}

async function answer(method: string, path: string, key: string | null): Promise<{ status: number; code: string }> {
  const body = bodies[`${method} ${path}`]
  // What cannot be a response's id is not looked for.
  const filled = path
    .replace('/responses/{id}', '/responses/resp_nothing')
    .replace('{agent}', 'helper')
    .replace('{model}', 'helper')
    .replaceAll(/\{\w+\}/g, 'nothing')
  const response = await server.runtime.fetch(
    new Request(`http://127.0.0.1${filled}`, {
      method,
      headers: {
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        'Content-Type': body === undefined ? 'text/plain' : 'application/json',
      },
      ...(method === 'POST' ? { body: body === undefined ? 'bytes' : JSON.stringify(body) } : {}),
    }),
  )
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (isStream) await response.body?.cancel()
  const text = isStream ? '' : await response.text()
  return { status: response.status, code: /"code":"(\w+)"/.exec(text)?.[1] ?? '' }
}

test('the list says truly which scopes open a route', async () => {
  const wrong: string[] = []
  for (const { listener, method, path, needs } of server.routes()) {
    if (listener !== 'runtime' || typeof needs === 'string') continue
    for (const [scope, key] of keys) {
      const { status } = await answer(method, path, key)
      if ((status !== 403) !== needs.includes(scope)) wrong.push(`${method} ${path} with ${scope}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
})

test('the list says truly which routes are open', async () => {
  for (const { listener, method, path, needs } of server.routes()) {
    if (listener !== 'runtime') continue
    const { status } = await answer(method, path, null)
    expect([path, status === 401]).toEqual([path, needs !== 'open' && needs !== 'connector'])
  }
})
