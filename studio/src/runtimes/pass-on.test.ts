import { once } from 'node:events'
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Provider } from 'asyncv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, browserOf, invite, signUp } from '../browser.fixture.ts'
import { openImpostor, openRuntime, type OpenedRuntime } from '../runtime.fixture.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'

/** Says a word, and the next when it is let go. */
const gate = { open: () => {} }
const model: Provider = {
  async *stream({ messages }, { signal }) {
    const text = JSON.stringify(messages.at(-1)?.parts)
    yield { type: 'text.delta', text: 'first ' }
    if (text.includes('wait')) {
      await new Promise<void>((resolve) => {
        gate.open = resolve
        signal.addEventListener('abort', () => resolve())
      })
    }
    yield { type: 'text.delta', text: 'last' }
    yield { type: 'finish', reason: 'stop' }
  },
}

let opened: OpenedStudio
let runtime: OpenedRuntime
let admin: Browser
let viewer: Browser
let editor: Browser
let operator: Browser & { id: string }
let key: string
let id: string
beforeAll(async () => {
  opened = await openStudio()
  runtime = await openRuntime(opened.folder, model)
  key = await runtime.key()
  admin = await signUp(opened)
  viewer = await invite(admin, opened.url, 'viewer', 'viewer')
  editor = await invite(admin, opened.url, 'editor', 'editor')
  operator = await invite(admin, opened.url, 'operator', 'operator')
  id = await connect(runtime.url, runtime.managementUrl)
}, 60_000)
afterAll(async () => {
  await opened.close()
  await runtime.close()
})

async function connect(url: string, managementUrl: string): Promise<string> {
  const { body } = await admin.ask('POST', '/api/runtimes', { name: url, url, managementUrl, key })
  return body.id
}

const at = (path: string, of = id) => `/api/runtimes/${of}${path}`
const say = (text: string) => ({ session: 's1', text })

test('reads of both listeners are passed on, with their queries', async () => {
  expect((await viewer.ask('GET', at('/v1/agents'))).body).toMatchObject({ data: [{ name: 'assistant' }] })
  expect((await viewer.ask('GET', at('/admin/v1/status'))).body).toMatchObject({ agents: ['assistant'] })
  expect((await viewer.ask('GET', at('/v1/tasks?limit=0'))).body).toMatchObject({ status: 400, code: 'input_invalid' })
})

test('metrics are passed on as the text that they are', async () => {
  const { status, headers, body } = await viewer.ask('GET', at('/metrics'))
  expect({ status, type: headers.get('content-type') }).toEqual({
    status: 200,
    type: expect.stringMatching(/^text\/plain/),
  })
  expect(body).toContain('asyncv_task_own_seconds_count')
})

test('a message is passed on, and its answer comes back', async () => {
  const { status, body } = await editor.ask('POST', at('/v1/agents/assistant/messages'), say('hello'))
  expect({ status, reply: body.reply }).toMatchObject({ status: 200, reply: { text: 'first last' } })
})

test('a stream is passed on as it comes, not when it is over', async () => {
  const answer = await editor.fetch('POST', at('/v1/agents/assistant/messages'), say('wait'), {
    accept: 'text/event-stream',
  })
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  while (!seen.includes('first ')) seen += (await reader.read()).value ?? ''
  expect(seen).not.toContain('task.finished')
  gate.open()
  for (let part = await reader.read(); !part.done; part = await reader.read()) seen += part.value
  expect(seen).toContain('task.finished')
})

test('whoever leaves ends the stream at the runtime, too', async () => {
  const page = await openEndless(1)
  const other = await connect(page.url, page.url)
  const left = new AbortController()
  const answer = await viewer.fetch('GET', at('/v1/events', other), undefined, {}, left.signal)
  expect({ status: answer.status, isOver: page.isOver() }).toEqual({ status: 200, isOver: false })
  left.abort()
  await until(async () => page.isOver())
  await page.close()
})

test('whoever leaves before the answer begins is waited for no longer', async () => {
  const heard = { asked: false, over: false }
  const silent = createServer((request) => {
    heard.asked = true
    request.once('close', () => (heard.over = true))
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const other = await connect(url, url)
  const left = new AbortController()
  const answer = editor.fetch('GET', at('/v1/agents', other), undefined, {}, left.signal).catch(() => 'left')
  await until(async () => heard.asked)
  left.abort()
  expect(await answer).toBe('left')
  await until(async () => heard.over)
  silent.close()
})

test('a stream is cut when its session ends', async () => {
  const dee = await invite(admin, opened.url, 'dee', 'editor')
  const answer = await dee.fetch('POST', at('/v1/agents/assistant/messages'), say('wait'), {
    accept: 'text/event-stream',
  })
  const read = answer.text().then(
    () => 'ended',
    () => 'cut',
  )
  await admin.ask('DELETE', `/api/users/${dee.id}`)
  expect(await read).toBe('cut')
  gate.open()
})

test.each([
  ['viewer', 'POST', '/v1/agents/assistant/messages'],
  ['viewer', 'PUT', '/admin/v1/secrets/KEY'],
  ['viewer', 'POST', '/admin/v1/drain'],
  ['editor', 'PUT', '/admin/v1/secrets/KEY'],
  ['editor', 'POST', '/v1/tasks/t/cancel'],
  ['operator', 'POST', '/admin/v1/keys'],
  ['operator', 'GET', '/admin/v1/keys'],
])('as %s, %s %s is forbidden', async (role, method, path) => {
  const who = { viewer, editor, operator }[role]
  const { body } = await who!.ask(method, at(path), method === 'GET' ? undefined : {})
  expect(body).toMatchObject({ status: 403, code: 'forbidden' })
})

test.each([
  ['PUT', '/admin/v1/release'],
  ['POST', '/admin/v1/trust/changes'],
  ['GET', '/v1/unknown'],
  ['DELETE', '/v1/agents'],
  ['GET', '/v1/tasks/..%2f..%2fadmin'],
  ['GET', '/v1/tasks/%2e%2e'],
  ['GET', '/v1/'],
])('nobody gets %s %s passed on', async (method, path) => {
  const { body } = await admin.ask(method, at(path), method === 'GET' ? undefined : {})
  expect(body).toMatchObject({ status: 404, code: 'route_unknown' })
})

test('nobody who is not signed in gets anything', async () => {
  expect((await browserOf(opened.url).ask('GET', at('/v1/agents'))).status).toBe(401)
})

test('the runtime hears neither cookies nor origin, and the browser hears no more than it has to', async () => {
  const page = await openImpostor(200, {
    'content-type': 'text/javascript',
    'set-cookie': 'asyncv_studio=stolen',
    'access-control-allow-origin': '*',
    'x-secret': 'yes',
  })
  const other = await connect(page.url, page.url)
  const answer = await viewer.ask('GET', at('/v1/agents', other), undefined, { authorization: 'Bearer mine' })
  const [asked] = page.asked
  expect(asked).toMatchObject({ authorization: `Bearer ${key}`, path: '/v1/agents' })
  for (const head of ['cookie', 'origin', 'referer', 'x-forwarded-for']) expect(asked).not.toHaveProperty(head)
  expect(answer.headers.getSetCookie()).toEqual([])
  for (const head of ['x-secret', 'access-control-allow-origin']) expect(answer.headers.has(head)).toBe(false)
  // A script that somebody put there is none of Studio's.
  expect(answer.headers.get('content-type')).toBe('application/octet-stream')
  expect(answer.headers.get('content-security-policy')).toMatch(/sandbox/)
  await page.close()
})

test('a runtime that is away is named, with the way out', async () => {
  const other = await connect('http://127.0.0.1:9', runtime.managementUrl)
  const { body } = await viewer.ask('GET', at('/v1/agents', other))
  expect(body).toMatchObject({
    status: 502,
    code: 'runtime_unreachable',
    detail: 'http://127.0.0.1:9 cannot be reached: nothing listens there.',
    hint: expect.stringContaining('started'),
  })
})

test('a runtime that does not know the key signs nobody out', async () => {
  const page = await openImpostor(401, { 'content-type': 'application/problem+json' }, '{}')
  const other = await connect(page.url, page.url)
  expect((await viewer.ask('GET', at('/v1/agents', other))).body).toMatchObject({
    status: 502,
    code: 'runtime_refused',
  })
  await page.close()
})

test('a secret goes to the vault, and Studio keeps nothing of it', async () => {
  const value = 'a-very-secret-value'
  const put = await operator.ask('PUT', at('/admin/v1/secrets/MODEL_KEY'), { value })
  // Without a master key the runtime has no vault to put it in.
  expect([200, 409]).toContain(put.status)
  expect(await (await admin.fetch('GET', '/api/audit/export')).text()).not.toContain(value)
})

test('what was done to a runtime is in the log, with who did it', async () => {
  await operator.ask('POST', at('/v1/tasks/unknown/cancel'))
  const { body } = await admin.ask('GET', '/api/audit?action=runtime.operated&limit=1')
  expect(body.data).toMatchObject([{ actor: { name: 'operator' }, target: id }])
  expect(JSON.parse(body.data[0].detail)).toEqual({ method: 'POST', path: '/v1/tasks/unknown/cancel', status: 404 })
})

test('a file goes through in pieces, up and down', async () => {
  const bytes = Buffer.alloc(3_000_000, 'x')
  const put = await editor.fetch('POST', at('/v1/files?name=a.txt'), bytes.toString(), {
    'content-type': 'application/octet-stream',
  })
  const { id: file } = (await put.json()) as { id: string }
  const got = await viewer.fetch('GET', at(`/v1/files/${file}/content`))
  expect(got.headers.get('content-disposition')).toContain('attachment')
  expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
})

test('a slow reader holds the runtime back, not memory', async () => {
  const size = 64 * 1024 * 1024
  const page = await openEndless(size)
  const other = await connect(page.url, page.url)
  const { hostname, port } = new URL(opened.url)
  const cookie = `asyncv_studio=${viewer.cookies.get('asyncv_studio')}`
  const asked = httpRequest({ hostname, port, path: at('/v1/agents', other), headers: { cookie } }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  answer.pause()
  await sleep(500)
  expect(page.sent()).toBeLessThan(size / 4)
  answer.destroy()
  await until(async () => page.isOver())
  await page.close()
})

/** Says `size` bytes as fast as they are taken, and never that it is at the end. */
async function openEndless(size: number) {
  let sent = 0
  let over = false
  const chunk = Buffer.alloc(64 * 1024)
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.once('close', () => (over = true))
    const more = (): void => {
      while (sent < size) {
        sent += chunk.length
        if (!response.write(chunk)) return void response.once('drain', more)
      }
    }
    more()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    sent: () => sent,
    isOver: () => over,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return
    await sleep(50)
  }
  throw new Error('It never came to hold.')
}
