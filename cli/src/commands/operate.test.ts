import { once } from 'node:events'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { commandPlace, type Place, type Running } from '../command.fixture.ts'
import { runAtTerminal } from '../terminal.fixture.ts'

let place: Place
let service: Running
let platform: ChildProcess

/** A chat platform and a model service in one, as far as tests of them go; a process of its own, since commands hold this one up. */
const script = `
  const answers = {
    getMe: { ok: true, result: { id: 123, username: 'demo_bot' } },
    getWebhookInfo: { ok: true, result: { url: '' } },
    models: { data: [{ id: 'model-a' }, { id: 'model-b' }] },
  }
  const server = require('node:http').createServer(({ url }, response) => {
    const asked = url.split('/').at(-1)
    // A poll is held: nothing comes in.
    if (asked === 'getUpdates') return
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify(answers[asked] ?? { ok: false, error_code: 404, description: 'Not Found' }))
  })
  server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port))
`

beforeAll(async () => {
  platform = spawn(process.execPath, ['-e', script])
  const [chunk] = (await once(platform.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  const base = chunk.toString().trim()
  place = commandPlace()
  place.write(
    'sky.ts',
    `import { definePlugin, defineTool } from 'asyncv'
import { z } from 'zod'
const weather = defineTool({ name: 'weather', description: 'The weather', input: z.object({}), effect: 'read', run: () => 'sun' })
export default definePlugin({ name: 'sky', tools: [weather] })`,
  )
  place.write('asyncv.config.json', {
    plugins: ['./sky.ts'],
    providers: {
      main: { type: 'openai', options: { baseURL: `${base}/v1` } },
      gone: { type: 'openai', options: { baseURL: 'http://127.0.0.1:1/v1' } },
    },
    connectors: { tg: { type: 'telegram', options: { token: `123:${'a'.repeat(35)}`, apiRoot: base } } },
    agents: [{ name: 'helper', model: 'offline/demo', tools: ['weather'] }],
    server: { notReadyMs: 100 },
  })
  service = await place.start()
})
afterAll(() => {
  place.remove()
  platform.kill()
})

const json = (...args: string[]): unknown => JSON.parse(place.run([...args, '--json']).stdout)

test('status shows the parts to the operator of this host, and not to who names an address', () => {
  expect(json('status')).toMatchObject({
    url: service.url,
    ready: true,
    service: {
      pid: service.child.pid,
      connectors: [{ name: 'tg', type: 'telegram', account: 'tg:123', state: 'connected', agent: 'helper' }],
      plugins: [{ name: 'sky', tools: ['weather'] }],
    },
  })
  const { stdout } = place.run(['status'])
  expect(stdout).toMatch(/connectors +tg \(telegram, tg:123\) → helper\n/)
  expect(stdout).toMatch(/model services +offline, main \(openai\), gone \(openai\)\n/)
  expect(json('status', '--url', service.url)).toMatchObject({ ready: true, service: null })
})

test('types, routes and plugins say what there is', () => {
  const { types, tools } = json('types') as { types: { type: string; options: object }[]; tools: object[] }
  expect(types.map(({ type }) => type)).toEqual(['openai', 'telegram'])
  expect(types[1]?.options).toMatchObject({ properties: { token: { format: 'password' } }, required: ['token'] })
  expect(tools).toContainEqual(expect.objectContaining({ name: 'weather', origin: 'sky', effect: 'read' }))
  expect(place.run(['types']).stdout).toMatch(/telegram +connector +built-in +token\*, /)
  expect(json('routes')).toEqual([{ connector: 'tg', agent: 'helper' }])
  expect(place.run(['routes']).stdout).toMatch(/tg +helper\n/)
  expect(json('plugins')).toMatchObject([{ name: 'sky', tools: ['weather'] }])
})

test('connectors test asks the platform, providers test the service and its models', () => {
  expect(json('connectors', 'test', 'tg')).toMatchObject([{ name: 'tg', result: 'ok', detail: '@demo_bot (tg:123)' }])
  const { status, stdout } = place.run(['providers', 'test'])
  expect(status).toBe(1)
  expect(stdout).toMatch(/main +openai +ok +[\d.]+ ms +127\.0\.0\.1:\d+ +2: model-a, model-b\n/)
  expect(stdout).toMatch(/✗ gone: .*ECONNREFUSED/)
  expect(place.run(['providers', 'test', 'main']).status).toBe(0)
  const unknown = place.run(['providers', 'test', 'nobody'])
  expect(unknown.status).toBe(2)
  expect(unknown.stderr).toContain('Known providers: offline, main, gone.')
})

test('a connector is stopped until it is started again', () => {
  expect(place.run(['connectors', 'stop', 'tg']).stdout).toContain('Connector tg is stopped')
  expect(json('connectors', 'list')).toMatchObject([{ name: 'tg', state: 'stopped' }])
  expect(place.run(['connectors', 'start', 'tg']).stdout).toBe('Connector tg is connected.\n')
  expect(json('connectors', 'list')).toMatchObject([{ name: 'tg', state: 'connected', ok: true }])
  const unknown = place.run(['connectors', 'stop', 'tgg'])
  expect(unknown.status).toBe(2)
  expect(unknown.stderr).toContain('Known connectors: tg.')
})

test('a drain is waited for, refuses messages, and is undone', () => {
  const drained = place.run(['drain', '--wait'])
  expect(drained.status).toBe(0)
  expect(drained.stdout).toMatch(/^Drained: nothing is left to do\./)
  expect(drained.stderr).toMatch(/^Not ready any more/)
  const refused = place.run(['send', 'helper', 'hi'])
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain('being drained')
  expect(place.run(['status']).stdout).toMatch(/✗ draining/)
  expect(json('drain', '--undo')).toMatchObject({ state: 'off' })
  expect(place.run(['send', 'helper', 'hi']).status).toBe(0)
})

test('who waits for a drain that somebody undoes is told that it did not come about', async () => {
  const other = commandPlace()
  onTestFinished(() => other.remove())
  other.write('asyncv.config.json', {
    agents: [{ name: 'helper', model: 'offline/demo' }],
    server: { notReadyMs: 30_000 },
  })
  await other.start()
  const waiting = other.spawn(['drain', '--wait'])
  const stdout = text(waiting.stdout as NodeJS.ReadableStream)
  await once(waiting.stderr as NodeJS.ReadableStream, 'data')
  const ended = once(waiting, 'exit')
  expect(other.run(['drain', '--undo']).status).toBe(0)
  expect(await ended).toEqual([1, null])
  expect(await stdout).toBe('Messages are taken in.\n')
})

test('without a service each of them says how to start one', () => {
  const there = commandPlace()
  for (const command of [['types'], ['drain'], ['connectors', 'list'], ['providers', 'test'], ['status', '--watch']]) {
    const { status, stdout, stderr } = there.run(command)
    expect({ status, stdout }, command.join(' ')).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/No asyncv service was found[\s\S]*asyncv start/)
  }
  there.remove()
})

test('status --watch prints a line for each change in a pipe, also when the service goes and comes back', async () => {
  const there = commandPlace()
  const first = await there.start()
  const child = there.spawn(['status', '--watch'])
  let seen = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    seen += chunk.toString()
  })
  const saw = async (what: RegExp): Promise<void> => {
    for (let tries = 0; tries < 200 && !what.test(seen); tries++) await sleep(100)
    expect(seen).toMatch(what)
  }
  await saw(/^\d{4}-\S+Z service: .* is ready\n/)
  there.run(['send', 'assistant', 'hi'])
  await saw(/Z accepted: 0 → 1\n/)
  const lines = seen.split('\n').length
  await sleep(2_500)
  expect(seen.split('\n')).toHaveLength(lines)
  first.child.kill('SIGTERM')
  await once(first.child, 'exit')
  await saw(/service: .* → does not answer\n/)
  await there.start()
  await saw(/service: does not answer → .* is ready\n/)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
  there.remove()
}, 60_000)

const hasPython = spawnSync('python3', ['--version']).status === 0

describe.skipIf(!hasPython)('in a terminal', () => {
  test('status --watch draws in place, and Ctrl-C gives the terminal back', () => {
    const watched = place.command(['status', '--watch'], { TERM: 'xterm' })
    const { status, shown: stdout } = runAtTerminal(watched, [['Ctrl-C leaves', '\u0003']])
    expect(status).toBe(0)
    const [enter, home, leave] = ['\u001b[?1049h', '\u001b[H', '\u001b[?1049l']
    expect(stdout.startsWith(enter)).toBe(true)
    expect(stdout).toContain(home)
    const [drawn = '', after = ''] = stdout.split(leave)
    expect(drawn).toContain('\u001b[?25h')
    expect(after).toContain('is ready')
  })
})

test('a change that waits for another says which one is under way and what that waits for, and status shows it', {
  timeout: 120_000,
}, async () => {
  const there = commandPlace()
  onTestFinished(() => there.remove())
  there.write(
    'slow.ts',
    `import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineConnector, definePlugin } from 'asyncv'
import { z } from 'zod'
const slow = defineConnector({
  type: 'slow',
  options: z.strictObject({ until: z.string().optional() }),
  create: ({ until }) => ({
    type: 'slow',
    supports: { textLimit: 100, edits: false, typing: false, streaming: null, pace: null },
    async start() {
      while (until !== undefined && !existsSync(until)) await sleep(20)
      return { account: 'slow:' + (until ?? '') }
    },
    async stop() {},
    send: async () => ({ target: '1', at: 0 }),
  }),
})
export default definePlugin({ name: 'slow', connectors: [slow] })`,
  )
  const says = (connectors: object) => ({
    plugins: ['./slow.ts'],
    connectors,
    agents: [{ name: 'helper', model: 'offline/demo' }],
    server: { managementPort: 0 },
  })
  there.write('asyncv.config.json', says({ quick: { type: 'slow', options: {} } }))
  await there.start()
  const until = join(there.folder, 'go')
  const late = { type: 'slow', options: { until } }
  there.write('asyncv.config.json', says({ quick: { type: 'slow', options: {} }, late }))
  const ran = (...args: string[]) => {
    const child = there.spawn(args)
    const out = { stdout: '', stderr: '' }
    child.stdout?.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()))
    const ended = once(child, 'close').then(([code]) => code as number)
    return { out, ended }
  }
  const waits = (what: string) => new RegExp(`^Waiting\\. Under way: ${what}, for .*; it waits for connector late`, 'm')
  const deployed = ran('deploy', '--yes')
  const release = 'a release of command'
  await expect.poll(() => deployed.out.stderr, { timeout: 60_000 }).toMatch(waits(release))
  const stopped = ran('connectors', 'stop', 'quick')
  await expect.poll(() => stopped.out.stderr, { timeout: 60_000 }).toMatch(waits(release))
  expect(there.run(['status']).stdout).toMatch(/^ {2}under way +a release of command, for .*; one more change waits$/m)
  there.write('go', '')
  expect(await Promise.all([deployed.ended, stopped.ended])).toEqual([0, 0])
  expect(stopped.out.stdout).toContain('quick')
})
