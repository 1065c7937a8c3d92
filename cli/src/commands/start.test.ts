import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { fakeModel } from '@asyncv/openai/testing'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

let place: Place
beforeEach(() => {
  place = commandPlace()
})
afterEach(() => place.remove())

const agents = [{ name: 'helper', model: 'offline/demo' }]
const config = (value: unknown): string => place.write('asyncv.config.json', value as object)

function post(url: string, agent: string, text: string): Promise<Response> {
  return fetch(`${url}/v1/agents/${agent}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
}

test('says which model it found and why, and what to try; a signal ends it', async () => {
  const { child, url, stdout, stderr } = await place.start()
  expect(stdout()).toMatch(/Model: the offline demo \(OPENAI_API_KEY and OPENAI_BASE_URL are not set[\s\S]* chat\n/)
  expect(stdout()).toContain(`curl ${url}/v1/agents/assistant/messages`)
  expect(existsSync(join(place.folder, '.asyncv/asyncv.db'))).toBe(true)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(stderr()).toContain('stopping: waiting for what is under way')
  for (const line of stderr().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')
})

test('the curl line works as it is printed', async () => {
  const { stdout } = await place.start()
  const [line = ''] = /curl [\s\S]*?'\n/.exec(stdout()) ?? []
  const { execFileSync } = await import('node:child_process')
  expect(execFileSync('sh', ['-c', line], { encoding: 'utf8', stdio: 'pipe' })).toContain('6 * 7 = 42')
})

test('talks to the service of OPENAI_BASE_URL, with the first model that can talk', async () => {
  const model = await fakeModel({ models: ['text-embedding-3-small', 'whisper-1', 'some-model'], apiKey: 'k' })
  const { url, stdout } = await place.start([], { env: { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'k' } })
  expect(stdout()).toContain('Model: main/some-model (OPENAI_API_KEY is set)')
  expect(await (await post(url, 'assistant', 'hi')).json()).toMatchObject({ reply: { text: 'You said: hi' } })
  await model.close()
})

test('flags come before the environment, the environment before .env, .env before the file', async () => {
  const file = config({ agents, server: { port: 1, host: 'file.test' }, storage: 'sqlite:./file.db' })
  place.write('.env', 'ASYNCV_PORT=2\nASYNCV_HOST=dotenv.test\nASYNCV_STORAGE=sqlite:dotenv.db\n')
  const env = { ASYNCV_HOST: 'localhost', ASYNCV_PORT: '3' }
  const { stdout } = await place.start(['--config', file], { env })
  expect(stdout()).toMatch(/running at http:\/\/(127\.0\.0\.1|\[::1\]):(?!1\b|2\b|3\b)\d+/)
  expect(stdout()).toContain(`Database: ${join(place.folder, 'dotenv.db')}`)
})

test('paths in the file are relative to it, and the data is beside it', async () => {
  const file = config({ agents, storage: 'sqlite:./data/own.db' })
  const { stdout } = await place.start(['--config', file])
  expect(stdout()).toContain(`Database: ${join(place.folder, 'data/own.db')}`)
})

test('a storage in memory is no file', async () => {
  const { stdout } = await place.start(['--config', config({ agents, storage: 'sqlite::memory:' })])
  expect(stdout()).toContain('Database: :memory:\n')
  expect(existsSync(join(place.folder, ':memory:'))).toBe(false)
})

test('a configuration in TypeScript is found and loaded, with secrets from .env', async () => {
  place.write('.env', 'MODEL_KEY=sesame\n')
  place.write(
    'asyncv.config.ts',
    `import { defineConfig, offline, type AgentOptions } from 'asyncv'
     const helper: AgentOptions = { name: 'helper', model: 'mine/x' }
     export default defineConfig({
       providers: { mine: offline(), main: { type: 'openai', options: { apiKey: { $secret: 'MODEL_KEY' } } } },
       agents: [helper],
     })`,
  )
  const { url, stdout } = await place.start()
  expect(stdout()).toContain(join(place.folder, 'asyncv.config.ts'))
  expect((await post(url, 'helper', 'hi')).status).toBe(200)
})

test('a second start on the same database is refused and names the first', async () => {
  const { child, url } = await place.start()
  const { status, stderr } = place.run(['start', '--port', '0'])
  expect(status).toBe(2)
  expect(stderr).toContain(`process ${child.pid} (${url})`)
})

test('a port in use is named, and nothing is left running', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { status, stdout, stderr } = place.run(['start', '--port', String(port)])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`)
  // Nothing was begun that would have to be broken off.
  expect(existsSync(join(place.folder, '.asyncv/asyncv.db'))).toBe(false)
  other.close()
})

test('a second start on the same port says that it runs already', async () => {
  const { url, child } = await place.start()
  const { status, stderr } = place.run(['start', '--port', new URL(url).port])
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`process ${child.pid}, ${url}`) })
})

test('a signal ends a start that a platform holds up, in good order', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number }
  const options = { token: '1:test', apiRoot: `http://127.0.0.1:${port}`, allow: 'everyone' }
  place.write('asyncv.config.json', { agents, connectors: { tg: { type: 'telegram', options } } })
  const child = place.spawn(['start', '--port', '0'])
  await once(silent, 'connection')
  const begun = Date.now()
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  // The platform is waited for much longer.
  expect(Date.now() - begun).toBeLessThan(10_000)
  expect(existsSync(join(place.folder, '.asyncv/asyncv.db.owner.json'))).toBe(false)
  silent.close()
})

test('a first signal lets an answer end, and says so', async () => {
  const model = await fakeModel({ reply: () => ({ text: 'slow but sure', delayMs: 500 }) })
  const { child, url } = await place.start([], { env: { OPENAI_BASE_URL: model.url } })
  const answer = post(url, 'assistant', 'hi')
  while (model.count === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  // A terminal signals the whole group, and npm passes on what it got: one Ctrl-C comes twice.
  child.kill('SIGINT')
  child.kill('SIGTERM')
  expect(await (await answer).json()).toMatchObject({ reply: { text: 'slow but sure' } })
  expect(await once(child, 'exit')).toEqual([0, null])
  await model.close()
})

test.skipIf(!existsSync('/dev/full'))('a log that cannot be written ends no service', async () => {
  place.write('asyncv.config.json', { agents, server: { notReadyMs: 0 } })
  const { command, args, cwd, env } = place.command(['start', '--port', '0'], {})
  const child = spawn('sh', ['-c', 'exec "$@" 2> /dev/full', 'sh', command, ...args], { cwd, env })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  await expect.poll(() => stdout).toMatch(/running at http/)
  const url = /running at (http:\S+)/.exec(stdout)?.[1] ?? ''
  expect((await post(url, 'helper', 'hi')).status).toBe(200)
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})

test('a second signal hurries, and the task is done after the next start', async () => {
  let asleep = true
  const model = await fakeModel({ reply: () => (asleep ? { delayMs: Infinity } : { text: 'here I am' }) })
  const env = { OPENAI_BASE_URL: model.url }
  const { child, url, stderr } = await place.start([], { env })
  const accepted = await fetch(`${url}/v1/agents/assistant/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: '{"text":"hi"}',
  })
  const { task } = (await accepted.json()) as { task: string }
  // Neither somebody who waits nor somebody who does not finish their request may hold the process.
  const waiting = post(url, 'assistant', 'and you?').catch(() => null)
  const idler = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
  idler.write('POST /v1/agents/assistant/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n')
  idler.write('Content-Length: 100\r\n\r\n{"text":')
  while (model.count === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  child.kill('SIGTERM')
  while (!stderr().includes('stopping')) await new Promise((resolve) => setTimeout(resolve, 10))
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const hurriedAt = Date.now()
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(Date.now() - hurriedAt).toBeLessThan(3_000)
  await waiting
  expect(stderr()).toContain('in a hurry')

  asleep = false
  const again = await place.start([], { env })
  await expect
    .poll(async () => (await fetch(`${again.url}/v1/tasks/${task}`)).json(), { timeout: 10_000 })
    .toMatchObject({ state: 'done', crashes: 0 })
  await model.close()
})

test('a crash point kills the process, and only when hooks are asked for', async () => {
  const env = { ASYNCV_CRASHPOINT: 'storage.accept:after@2' }
  const ignored = await place.start([], { env })
  expect(ignored.stderr()).toContain('ASYNCV_CRASHPOINT is ignored without ASYNCV_TEST_HOOKS=1')
  for (const text of ['one', 'two', 'three']) expect((await post(ignored.url, 'assistant', text)).status).toBe(200)
  ignored.child.kill('SIGKILL')
  await once(ignored.child, 'exit')

  const { child, url } = await place.start([], { env: { ...env, ASYNCV_TEST_HOOKS: '1' } })
  expect((await post(url, 'assistant', 'one')).status).toBe(200)
  const exited = once(child, 'exit')
  await post(url, 'assistant', 'two').catch(() => null)
  expect(await exited).toEqual([null, 'SIGKILL'])
})

test('a crash point that there is not is refused', () => {
  const env = { ASYNCV_TEST_HOOKS: '1', ASYNCV_CRASHPOINT: 'storage.acept' }
  expect(place.run(['start'], { env })).toMatchObject({ status: 2, stderr: expect.stringContaining('storage.acept') })
})

test.each<[string, string | object, RegExp]>([
  ['every problem of the shape at once', { agents, agnets: [], server: { prot: 1 } }, /server\.prot: [\s\S]*agnets: /],
  [
    'a variable that is not set',
    { agents, providers: { main: { type: 'openai', options: { apiKey: { $secret: 'NOT_THERE' } } } } },
    /providers\.main\.options\.apiKey: there is no secret NOT_THERE/,
  ],
  ['configurations elsewhere, which are not fetched', { agents, extends: 'github:who/ever' }, /extends: unknown key/],
  [
    'what is no JSON, without quoting it',
    '{"token": nope "sesame"}',
    /asyncv\.config\.json stops being JSON at line 1, column 11\.\n(?![\s\S]*sesame)/,
  ],
  ['what is no configuration', 'null', /expected object, received null/],
])('names %s', (_, value, message) => {
  const { status, stdout, stderr } = place.run(['start', '--config', config(value)])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('asyncv.config.json')
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/sesame|bug/)
})

test('whoever follows what happens misses nothing and hears nothing twice when the service is killed', async () => {
  const ids: number[] = []
  const tasks: string[] = []
  /** Reads until so many tasks have ended, or the service is gone. */
  async function follow(url: string, ended: number): Promise<void> {
    const { body } = await fetch(`${url}/v1/events`, { headers: { 'Last-Event-ID': String(ids.at(-1) ?? 0) } })
    let text = ''
    try {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString()
        for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
          const frame = text.slice(0, end)
          text = text.slice(end + 2)
          const data = /^data: (.*)$/m.exec(frame)?.[1]
          if (data === undefined) continue
          const event = JSON.parse(data) as { id: number; type: string; task: string }
          ids.push(event.id)
          if (event.type === 'task.finished') tasks.push(event.task)
          if (tasks.length === ended) return
        }
      }
    } catch {
      // Killed.
    }
  }
  const send = async (url: string, n: number): Promise<string> => {
    const response = await fetch(`${url}/v1/agents/assistant/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Prefer: 'respond-async' },
      body: JSON.stringify({ text: `message ${n}` }),
    })
    return ((await response.json()) as { task: string }).task
  }

  const first = await place.start()
  const following = follow(first.url, Number.POSITIVE_INFINITY)
  const sent: string[] = []
  for (let n = 0; n < 20; n++) sent.push(await send(first.url, n))
  first.child.kill('SIGKILL')
  await following
  const second = await place.start()
  for (let n = 20; n < 25; n++) sent.push(await send(second.url, n))
  await follow(second.url, 25)
  expect(tasks.toSorted()).toEqual(sent.toSorted())
  // One after the other, and none left out: every number was given to one event.
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => index + 1))
}, 30_000)
