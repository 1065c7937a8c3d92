import { offline, type Provider } from 'asyncv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { broken, eventsOf, gated, openService, type Service } from '../service.fixture.ts'
import { host2025, host2026 } from './clients.fixture.ts'

/** Says back the last message, so that an answer can be told from another's. */
const echo: Provider = {
  async *stream({ messages }) {
    const text =
      messages
        .at(-1)
        ?.parts.map((part) => (part.type === 'text' ? part.text : ''))
        .join('') ?? ''
    for (const piece of text.match(/[\s\S]{1,7}/g) ?? []) yield { type: 'text.delta', text: piece }
    yield { type: 'usage', inputTokens: 7, outputTokens: 3 }
    yield { type: 'finish', reason: 'stop' }
  },
}

let slow = gated()
let service: Service
beforeAll(async () => {
  const late: Provider = { stream: (...call) => slow.stream(...call) }
  service = await openService({ echo, broken, late, demo: offline() })
})
afterAll(() => service.close())

interface Answer {
  isError?: boolean
  content: { type: string; text: string }[]
  structuredContent?: { task: string; session: string; state: string; text?: string }
  _meta?: Record<string, { code: string; task?: string }>
}

describe.each([
  ['2025', host2025],
  ['2026', host2026],
] as const)('a host of %s', (era, connect) => {
  async function call(name: string, args: object, options: object = {}): Promise<Answer> {
    const host = await connect(service.url)
    try {
      const request = { name, arguments: args } as never
      return (await (host as { callTool(...call: unknown[]): Promise<unknown> }).callTool(
        ...(era === '2025' ? [request, undefined, options] : [request, options]),
      )) as Answer
    } finally {
      await host.close()
    }
  }

  test('finds each agent as a tool, and those for tasks', async () => {
    const host = await connect(service.url)
    const { tools } = await host.listTools()
    expect(tools.map(({ name }) => name).sort()).toEqual(
      ['ask_broken', 'ask_demo', 'ask_echo', 'ask_late', 'tasks_cancel', 'tasks_get'].sort(),
    )
    const ask = tools.find(({ name }) => name === 'ask_echo')
    expect(ask?.inputSchema).toMatchObject({ type: 'object', required: ['text'] })
    expect(ask?.outputSchema).toMatchObject({ type: 'object' })
    await host.close()
  })

  test('gets an answer with its task and session, and goes on with it', async () => {
    const first = await call('ask_echo', { text: 'hello there' })
    expect(first.content).toEqual([{ type: 'text', text: 'hello there' }])
    const { task, session, state } = first.structuredContent ?? {}
    expect(state).toBe('done')
    const second = await call('ask_echo', { text: 'and again', session })
    expect(second.structuredContent).toMatchObject({ session, text: 'and again' })
    expect(second.structuredContent?.task).not.toBe(task)
  })

  test('hears how the answer comes along when it asks to', async () => {
    slow = gated()
    const heard: { progress: number; message?: string }[] = []
    const asked = call('ask_late', { text: 'x' }, { onprogress: (progress: never) => heard.push(progress) })
    await slow.asked
    slow.letGo()
    expect((await asked).structuredContent?.text).toBe('at last')
    expect(heard.map(({ message }) => message).join('')).toBe('at last')
    expect(heard.at(-1)?.progress).toBe('at last'.length)
  })

  test('a repeat with the same key is the same task; another text under it is refused', async () => {
    const idempotencyKey = `k-${era}`
    const first = await call('ask_echo', { text: 'once', idempotencyKey })
    const second = await call('ask_echo', { text: 'once', idempotencyKey })
    expect(second.structuredContent?.task).toBe(first.structuredContent?.task)
    const other = await call('ask_echo', { text: 'twice', idempotencyKey })
    expect(other.isError).toBe(true)
    expect(other._meta?.['asyncv/problem']?.code).toBe('idempotency_conflict')
  })

  test('a task that fails is a failed call that says why', async () => {
    const answer = await call('ask_broken', { text: 'hi' })
    expect(answer.isError).toBe(true)
    expect(answer.content[0]?.text).toMatch(/^provider_denied: .*bad key/)
    expect(answer._meta?.['asyncv/problem']?.task).toBeDefined()
  })

  test('arguments that are wrong never reach an agent', async () => {
    const answer = await call('ask_echo', { words: 'hi' }).catch((error: Error) => error)
    expect(JSON.stringify(answer instanceof Error ? answer.message : answer)).toMatch(/text/)
  })

  test('works in the background, is looked at, waited for and cancelled', async () => {
    slow = gated()
    const begun = await call('ask_late', { text: 'x', background: true })
    const { task } = begun.structuredContent ?? {}
    expect(begun.structuredContent?.state).toBe('queued')
    await slow.asked
    expect((await call('tasks_get', { task })).structuredContent).toMatchObject({ task, state: 'running' })
    const waiting = call('tasks_get', { task, waitMs: 5_000 })
    slow.letGo()
    expect((await waiting).structuredContent).toMatchObject({ task, state: 'done', text: 'at last' })

    slow = gated()
    const other = (await call('ask_late', { text: 'y', background: true })).structuredContent?.task
    await slow.asked
    await call('tasks_cancel', { task: other })
    const ended = await call('tasks_get', { task: other, waitMs: 5_000 })
    expect(ended.structuredContent?.state).toBe('cancelled')
    const unknown = await call('tasks_get', { task: 'nobody' })
    expect(unknown).toMatchObject({ isError: true, _meta: { 'asyncv/problem': { code: 'task_unknown' } } })
  })

  test('reads sessions as resources', async () => {
    const { structuredContent } = await call('ask_echo', { text: 'remember me', session: `reader-${era}` })
    const host = await connect(service.url)
    const { resources } = await host.listResources()
    const task = await service.asyncv.task(structuredContent?.task ?? '')
    const uri = `asyncv://sessions/${task.session}`
    expect(resources.map((resource) => resource.uri)).toContain(uri)
    const { contents } = await host.readResource({ uri })
    expect(JSON.parse((contents[0] as { text: string }).text).said).toEqual([
      { role: 'user', text: 'remember me' },
      { role: 'assistant', text: 'remember me' },
    ])
    await expect(host.readResource({ uri: 'asyncv://sessions/nobody' })).rejects.toMatchObject({ code: -32602 })
    await host.close()
  })

  test(`a call that is given up ${era === '2026' ? 'takes its task with it' : 'leaves its task alone'}`, async () => {
    slow = gated()
    const giveUp = new AbortController()
    const session = `given-up-${era}`
    const asked = call('ask_late', { text: 'x', session }, { signal: giveUp.signal }).catch(() => 'given up')
    await slow.asked
    giveUp.abort()
    expect(await asked).toBe('given up')
    const [task] = (await service.asyncv.tasks({ limit: 1 })).data
    if (era === '2026') {
      await expect.poll(async () => (await service.asyncv.task(task?.id ?? '')).state).toBe('cancelled')
    } else {
      slow.letGo()
      await expect.poll(async () => (await service.asyncv.task(task?.id ?? '')).state).toBe('done')
    }
  })
})

test('a call that is given up leaves a task alone that another caller has joined', async () => {
  slow = gated()
  const key = 'joined'
  const one = await host2026(service.url)
  const giveUp = new AbortController()
  const args = { text: 'x', session: 'shared', idempotencyKey: key }
  const first = one.callTool({ name: 'ask_late', arguments: args }, { signal: giveUp.signal }).catch(() => 'given up')
  await slow.asked
  // Its answer begins when it has joined.
  const headers = { 'Idempotency-Key': key, Accept: 'text/event-stream' }
  const other = await service.post('late', { text: 'x', session: 'shared' }, headers)
  giveUp.abort()
  expect(await first).toBe('given up')
  // Were the task cancelled with it, it would be by then.
  await new Promise((resolve) => setTimeout(resolve, 100))
  slow.letGo()
  expect((await eventsOf(other)).at(-1)).toMatchObject({ event: 'task.finished', data: { text: 'at last' } })
  await one.close()
})

/** All hosts together; `check:long` has them make 10,000. */
const calls = Number(process.env['MCP_CALLS'] ?? 200)

test(`hosts of both revisions at once make ${calls} calls with the same request ids, and each gets its own answers`, async () => {
  const hosts = await Promise.all([1, 2, 3, 4].flatMap(() => [host2025(service.url), host2026(service.url)]))
  await Promise.all(
    hosts.map(async (host, h) => {
      for (let n = 0; n < calls / hosts.length; n++) {
        const text = `host ${h} call ${n}`
        const answer = (await host.callTool({ name: 'ask_echo', arguments: { text } })) as unknown as Answer
        expect(answer.content[0]?.text).toBe(text)
      }
    }),
  )
  await Promise.all(hosts.map((host) => host.close()))
}, 300_000)

test.each(['GET', 'DELETE', 'PUT'])(
  'without sessions there is nothing to %s, and what is taken is said',
  async (method) => {
    const refused = await fetch(`${service.url}/mcp`, { method })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await refused.json()).toMatchObject({ code: 'method_refused' })
  },
)

test('says where its metadata is, and refuses strangers before it reads them', async () => {
  const metadata = await fetch(`${service.url}/.well-known/oauth-protected-resource/mcp`)
  expect(await metadata.json()).toEqual({
    resource: `${service.url}/mcp`,
    resource_name: 'asyncv',
    bearer_methods_supported: ['header'],
    scopes_supported: ['invoke', 'read'],
  })
  const page = { Origin: 'https://evil.example', 'Content-Type': 'application/json' }
  const refused = await fetch(`${service.url}/mcp`, { method: 'POST', headers: page, body: '{}' })
  expect(refused.status).toBe(403)

  const closed = await openService({ echo })
  try {
    const { key } = await closed.asyncv.keys.create({ name: 'host', scopes: ['invoke', 'read'], space: 'a' })
    const anonymous = await fetch(`${closed.url}/mcp`, { method: 'POST', body: '{}' })
    expect(anonymous.status).toBe(401)
    expect(anonymous.headers.get('www-authenticate')).toBe(
      `Bearer realm="asyncv", resource_metadata="${closed.url}/.well-known/oauth-protected-resource/mcp"`,
    )
    const host = await host2026(closed.url, { Authorization: `Bearer ${key}` })
    const answer = await host.callTool({ name: 'ask_echo', arguments: { text: 'hi' } })
    expect(answer.content).toEqual([{ type: 'text', text: 'hi' }])
    const invoking = await closed.asyncv.keys.create({ name: 'other', scopes: ['invoke'], space: 'b' })
    const stranger = await host2026(closed.url, { Authorization: `Bearer ${invoking.key}` })
    const task = (answer.structuredContent as { task: string }).task
    expect(await stranger.callTool({ name: 'tasks_get', arguments: { task } })).toMatchObject({
      isError: true,
      _meta: { 'asyncv/problem': { code: 'task_unknown' } },
    })
    await expect(stranger.listResources()).rejects.toThrow(/scope read/)
    await expect(stranger.readResource({ uri: 'asyncv://sessions/x' })).rejects.toThrow(/scope read/)
    await Promise.all([host.close(), stranger.close()])
  } finally {
    await closed.close()
  }
})
