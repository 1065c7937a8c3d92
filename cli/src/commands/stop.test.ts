import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { isOwned, lockOwner } from '@asyncv/migrations'
import { fakeModel } from '@asyncv/openai/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { commandPlace, type Place, type Ran, type RunOptions } from '../command.fixture.ts'
import { isAlive } from '../process/open-files.ts'
import { runAtTerminal } from '../terminal.fixture.ts'

// Each of them starts several processes, which take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const quick = { agents: [{ name: 'helper', model: 'offline/demo' }], server: { notReadyMs: 0 } }

let place: Place
const started: number[] = []
beforeEach(() => {
  place = commandPlace()
  place.write('asyncv.config.json', quick)
})
afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {} // ended, as most do
  }
  place.remove()
})

interface InBackground extends Ran {
  pid: number
  url: string
}

function background(args: string[], options: RunOptions = {}): InBackground {
  const ran = place.run(args, options)
  const pid = Number(/Process (\d+)/.exec(ran.stdout)?.[1])
  const url = /running at (http:\S+)/.exec(ran.stdout)?.[1] ?? ''
  if (pid > 1) started.push(pid)
  return { ...ran, pid, url }
}

const detach = (args: string[] = [], options: RunOptions = {}): InBackground =>
  background(['start', '--detach', '--port', '0', ...args], options)

const log = (): string => join(place.folder, '.asyncv/asyncv.log')
const data = (name: string): string => join(place.folder, '.asyncv', name)
/** What a run writes down for other commands, and takes away at its end; who is trusted stays. */
const leftOfRun = (): string[] =>
  readdirSync(data('')).filter((file) => file.endsWith('.json') && file !== 'trust.json')

test('start --detach leaves a service behind also when nobody reads where it is', async () => {
  const { command, args, cwd, env } = place.command(['start', '--detach', '--port', '0'], {})
  const child = spawn(command, args, { cwd, env })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  expect(await once(child, 'close')).toEqual([0, null])
  expect(stderr).toBe('Starting in the background…\n')
  expect(place.run(['stop'])).toMatchObject({ status: 0, stdout: expect.stringContaining('has ended') })
})

test('start --detach returns when the service is ready, says where it is, and stop ends it', async () => {
  const { status, stdout, stderr, pid, url } = detach()
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'Starting in the background…\n' })
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: true })
  expect(stdout).toContain(`Log: ${log()}`)
  expect(statSync(log()).mode & 0o777).toBe(0o600)
  expect(place.run(['status']).stdout).toContain(url)
  expect(place.run(['stop'])).toEqual({
    status: 0,
    stdout: `Stopped: process ${pid} has ended.\n`,
    stderr: `Stopping process ${pid}…\n`,
  })
  expect(isAlive(pid)).toBe(false)
  await expect(fetch(`${url}/livez`)).rejects.toThrow()
  for (const line of readFileSync(log(), 'utf8').trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')
  expect(leftOfRun()).toEqual([])
})

test('where nothing runs, stop says so and has done what it was asked for', () => {
  expect(place.run(['stop'])).toEqual({ status: 0, stdout: '', stderr: 'Nothing runs here.\n' })
  expect(place.run(['stop', '--quiet']).stderr).toBe('')
  expect(existsSync(data(''))).toBe(false)
})

test('the end of the terminal does not end a service in the background', async () => {
  const { shown } = runAtTerminal(place.command(['start', '--detach', '--port', '0'], { TERM: 'xterm' }))
  const pid = Number(/Process (\d+)/.exec(shown)?.[1])
  started.push(pid)
  // The terminal has been closed with the fixture, which hangs up whatever is still in its session.
  expect(isAlive(pid)).toBe(true)
  expect(place.run(['stop']).status).toBe(0)
})

test.each([
  ['a configuration that is wrong', { agnets: [] }, [], 2, 'agnets: unknown key'],
  ['an address that needs keys', quick, ['--host', '0.0.0.0'], 2, 'server.host is "0.0.0.0"'],
])('a service that does not start shows why: %s', (_, config, args, code, message) => {
  place.write('asyncv.config.json', config)
  const { status, stdout, stderr } = detach(args)
  expect({ status, stdout }).toEqual({ status: code, stdout: '' })
  expect(stderr).toMatch(/The service did not start\. It said:\n/)
  expect(stderr).toContain(message)
  expect(stderr).toContain(`The log is ${log()}.`)
  expect(stderr).not.toContain('{"level"')
})

test('a port in use keeps a service in the background from starting, and nothing is left', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { status, stderr } = place.run(['start', '--detach', '--port', String(port)])
  other.close()
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining(`Port ${port} on 127.0.0.1 is in use`),
  })
  expect(leftOfRun()).toEqual([])
})

test('a second one is refused and does not touch the first', () => {
  const { pid, url } = detach()
  const { status, stderr } = place.run(['start', '--detach', '--port', '0'])
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`process ${pid}, ${url}`) })
  expect(place.run(['stop']).stdout).toContain(String(pid))
})

test.each([
  [['--watch'], '--detach and --watch exclude each other.'],
  [['--storage', 'sqlite::memory:'], 'is found by its database'],
])('--detach with %j is refused', (args, message) => {
  expect(place.run(['start', '--detach', ...args])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(message),
  })
})

test('a folder that cannot be written is named before anything is started', () => {
  writeFileSync(join(place.folder, 'taken'), '')
  const { status, stderr } = place.run(['start', '--detach'], { env: { ASYNCV_HOME: './taken' } })
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining('taken/asyncv.log cannot be written'),
  })
})

test('an .env that cannot be read is named', () => {
  mkdirSync(join(place.folder, '.env'))
  const { status, stderr } = place.run(['start', '--detach'])
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('.env cannot be read: EISDIR') })
})

test('the log stays within bounds, and what it had last is kept', async () => {
  const { url } = detach(['--log-level', 'debug'], { env: { ASYNCV_LOG_MAX_BYTES: '4000' } })
  for (let n = 0; n < 40; n++) {
    await fetch(`${url}/v1/agents/helper/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'hi' }),
    })
  }
  const files = readdirSync(data(''))
    .filter((file) => file.startsWith('asyncv.log'))
    .sort()
  expect(files).toEqual(['asyncv.log', 'asyncv.log.1', 'asyncv.log.2', 'asyncv.log.3'])
  for (const file of files) {
    expect(statSync(data(file)).size).toBeLessThan(5_000)
    expect(statSync(data(file)).mode & 0o777).toBe(0o600)
  }
  const lines = ['asyncv.log.2', 'asyncv.log.1', 'asyncv.log'].flatMap((file) =>
    readFileSync(data(file), 'utf8').trim().split('\n').filter(Boolean),
  )
  const times = lines.map((line) => (JSON.parse(line) as { time: number }).time)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(place.run(['stop']).status).toBe(0)
})

test('a service that something holds up is told as one that is starting, and its log can be read', async () => {
  place.write(
    'hanging.mjs',
    `import { definePlugin } from 'asyncv'
     const start = ({ logger }) => { logger.info({}, 'waiting for the platform'); return new Promise(() => {}) }
     export default definePlugin({ name: 'hanging', start, stop() {} })`,
  )
  place.write('asyncv.config.json', { ...quick, plugins: ['./hanging.mjs'] })
  const child = place.spawn(['start', '--detach', '--port', '0'])
  await expect.poll(() => existsSync(log()) && readFileSync(log(), 'utf8'), { timeout: 30_000 }).toMatch(/waiting for/)
  const logs = place.run(['logs'])
  expect(logs).toMatchObject({ status: 0, stdout: expect.stringContaining('waiting for the platform') })
  for (const words of [['status'], ['send', 'helper', 'hi'], ['connectors', 'list'], ['logs', '--follow']]) {
    const { status, stderr } = place.run(words, { env: { ASYNCV_PORT: '1' } })
    expect({ words, status, stderr }).toEqual({
      words,
      status: 1,
      stderr: expect.stringContaining('is still starting'),
    })
  }
  expect(place.run(['stop']).status).toBe(0)
  // Whoever waits for it hears that it has ended.
  expect((await once(child, 'exit'))[0]).toBe(1)
})

test('restart keeps the flags and the folder, and takes the configuration of now', async () => {
  place.write('other.json', quick)
  const first = detach(['--config', 'other.json', '--log-level', 'warn'])
  place.write('other.json', { ...quick, agents: [{ name: 'second', model: 'offline/demo' }] })
  const second = background(['restart', '--config', 'other.json'])
  expect(second.status).toBe(0)
  expect(isAlive(first.pid)).toBe(false)
  expect(second.pid).not.toBe(first.pid)
  expect(await (await fetch(`${second.url}/v1/agents`)).json()).toMatchObject({ data: [{ name: 'second' }] })
  expect(JSON.parse(readFileSync(data('asyncv.db.service.json'), 'utf8'))).toEqual({
    pid: second.pid,
    flags: { config: 'other.json', port: '0', 'log-level': 'warn' },
    cwd: place.folder,
    keeper: null,
  })
  expect(place.run(['stop']).status).toBe(0)
})

test.each([
  ['is wrong', { agnets: [] }, 'agnets: unknown key'],
  [
    'names a secret that is not there',
    { ...quick, providers: { main: { type: 'openai', options: { apiKey: { $secret: 'NOT_THERE' } } } } },
    'NOT_THERE',
  ],
  ['names another database', { ...quick, storage: 'sqlite:./other.db' }, 'another database'],
])('restart finds that the configuration %s, and the service runs on', async (_, config, message) => {
  const { pid, url } = detach()
  place.write('asyncv.config.json', config)
  const storage = `sqlite:${data('asyncv.db')}`
  expect(place.run(['restart', '--storage', storage])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(message),
  })
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  expect(place.run(['stop', '--storage', storage]).stdout).toContain(String(pid))
})

const masterKey = (byte: number): string => Buffer.alloc(32, byte).toString('base64')
const sealedWith = { env: { ASYNCV_MASTER_KEY: masterKey(7) } }
const secretive = { main: { type: 'openai', options: { apiKey: { $secret: 'MODEL_KEY' } } } }

test.each([
  ['that the configuration uses', { ...quick, providers: secretive }, 'secret MODEL_KEY cannot be read'],
  ['that a release may use', quick, 'MODEL_KEY'],
])(
  'restart without the master key of the service finds secrets %s shut, and the service runs on',
  async (_, config, message) => {
    place.write('asyncv.config.json', config)
    mkdirSync(data(''), { recursive: true })
    writeFileSync(data('vault.key'), `${masterKey(8)}\n`)
    place.run(['secrets', 'set', 'MODEL_KEY'], { ...sealedWith, input: 'sk-x' })
    const { pid, url } = detach([], sealedWith)
    const { status, stderr } = place.run(['restart'])
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) })
    expect(stderr).toContain('ASYNCV_MASTER_KEY')
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    const again = background(['restart'], sealedWith)
    expect(again.status).toBe(0)
    expect(again.pid).not.toBe(pid)
    expect(place.run(['stop']).status).toBe(0)
  },
)

test('a restart that is refused makes no master key', () => {
  const { pid } = detach([], sealedWith)
  place.write('asyncv.config.json', { agnets: [] })
  expect(place.run(['restart']).status).toBe(2)
  expect(existsSync(data('vault.key'))).toBe(false)
  expect(place.run(['stop', '--storage', `sqlite:${data('asyncv.db')}`]).stdout).toContain(String(pid))
})

test('restart says that the folder of the service is gone, and the service runs on', async () => {
  const { pid, url } = detach()
  const record = JSON.parse(readFileSync(data('asyncv.db.service.json'), 'utf8')) as object
  const cwd = join(place.folder, 'gone')
  place.write('.asyncv/asyncv.db.service.json', { ...record, cwd })
  expect(place.run(['restart'])).toEqual({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(`^asyncv: The service was started in ${cwd}, .* ENOENT`),
  })
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  expect(place.run(['stop']).stdout).toContain(String(pid))
})

test('restart without a service says how to start one', () => {
  expect(place.run(['restart'])).toMatchObject({ status: 1, stderr: expect.stringContaining('asyncv start --detach') })
})

test('a configuration that cannot be loaded may name another database, so stop does not say that nothing runs', () => {
  place.write('asyncv.config.json', '{')
  expect(place.run(['stop'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('stops being JSON at line 1'),
  })
})

test('stop waits for what is under way; --timeout gives up waiting, --now hurries', async () => {
  const model = await fakeModel({ reply: () => ({ delayMs: Infinity }) })
  const providers = { main: { type: 'openai', options: { baseURL: model.url } } }
  place.write('asyncv.config.json', { ...quick, providers, agents: [{ name: 'helper', model: 'main/m' }] })
  const { pid, url } = detach()
  await fetch(`${url}/v1/agents/helper/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: '{"text":"hi"}',
  })
  while (model.count === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  // Not `run`, which blocks this process, whose model is to answer.
  expect(await place.call(['stop', '--timeout', '1'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/1 task under way[\s\S]*not ended after 1 s/),
  })
  expect(isAlive(pid)).toBe(true)
  expect((await place.call(['stop', '--now'])).status).toBe(0)
  expect(isAlive(pid)).toBe(false)
  await model.close()
})

test.each(['0', 'soon'])('--timeout %s is refused', (timeout) => {
  expect(place.run(['stop', `--timeout=${timeout}`])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--timeout'),
  })
})

test('a start that was refused at the same moment leaves a service that can be stopped', async () => {
  // As that one does between its look whether there is an owner and the lock of this one.
  place.write(
    'rival.mjs',
    `import { writeFileSync } from 'node:fs'
    import { definePlugin } from 'asyncv'
    const record = { pid: 1, flags: {}, cwd: '/', keeper: null }
    export default definePlugin({
      name: 'rival',
      start: () => writeFileSync(${JSON.stringify(data('asyncv.db.service.json'))}, JSON.stringify(record)),
    })`,
  )
  place.write('asyncv.config.json', { ...quick, plugins: ['./rival.mjs'] })
  const { pid } = detach()
  expect(place.run(['stop'])).toMatchObject({ status: 0, stdout: `Stopped: process ${pid} has ended.\n` })
})

/** What an owner that has died leaves behind, and a stranger that has got its number. */
async function stranger(): Promise<{ pid: number; end(): void }> {
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  const { pid = 0 } = child
  mkdirSync(data(''), { recursive: true })
  place.write('.asyncv/asyncv.db.owner.json', { pid, startedAt: Date.now(), url: 'http://127.0.0.1:1' })
  place.write('.asyncv/asyncv.db.service.json', { pid, flags: {}, cwd: place.folder, keeper: null })
  return { pid, end: () => child.kill('SIGKILL') }
}

test('a stranger with the number of a service that has died is left alone', async () => {
  const { pid, end } = await stranger()
  writeFileSync(data('asyncv.db.owner'), '')
  expect(place.run(['stop'])).toMatchObject({ status: 0, stderr: 'Nothing runs here.\n' })
  expect(isAlive(pid)).toBe(true)
  end()
})

test.runIf(existsSync('/proc/self/fd'))(
  'so is one that does not have the database, when another process has',
  async () => {
    mkdirSync(data(''), { recursive: true })
    const owner = await lockOwner(data('asyncv.db'))
    const { pid, end } = await stranger()
    expect(place.run(['stop'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`Process ${pid} does not have`),
    })
    expect(isAlive(pid)).toBe(true)
    end()
    owner.release()
  },
)

test('a program that embeds asyncv is not stopped', async () => {
  mkdirSync(data(''), { recursive: true })
  const owner = await lockOwner(data('asyncv.db'))
  const { status, stderr } = place.run(['stop'])
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(`kill ${process.pid}`) })
  owner.release()
})

test.each(['{"pid": 4', '{"pid": -1}'])('an owner file that says %s stops nobody', async (content) => {
  mkdirSync(data(''), { recursive: true })
  const owner = await lockOwner(data('asyncv.db'))
  writeFileSync(data('asyncv.db.owner.json'), content)
  const { status, stderr } = place.run(['stop'])
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('asyncv.db.owner') })
  owner.release()
})

test.each([['stop'], ['restart']])('%s says that a lock cannot be looked at, and that is no bug', (command) => {
  mkdirSync(data('asyncv.db.owner'), { recursive: true })
  writeFileSync(data('asyncv.db.owner.json'), '{"pid":4}')
  expect(place.run([command])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^asyncv: The database .*asyncv\.db\.owner cannot be opened/),
  })
})

test('a record that was cut while it was written is none', async () => {
  const { child } = await place.start()
  chmodSync(data('asyncv.db.service.json'), 0o600)
  writeFileSync(data('asyncv.db.service.json'), '{"pid":')
  expect(place.run(['stop'])).toMatchObject({ status: 1, stderr: expect.stringContaining(`kill ${child.pid}`) })
})

test('a service in a terminal is stopped as well', async () => {
  const { child } = await place.start()
  const ended = once(child, 'exit')
  expect(place.run(['stop']).status).toBe(0)
  expect(await ended).toEqual([0, null])
})

test('stop ends a watched service and its watcher; restart leaves it to the watcher', async () => {
  const { child } = await place.start(['--watch'])
  expect(place.run(['restart'])).toMatchObject({ status: 1, stderr: expect.stringContaining('begins anew by itself') })
  const ended = once(child, 'exit')
  expect(place.run(['stop']).status).toBe(0)
  expect(await ended).toEqual([0, null])
})

test('a watcher that is killed takes its service along', async () => {
  const { child } = await place.start(['--watch'])
  child.kill('SIGKILL')
  await expect.poll(() => isOwned(data('asyncv.db')), { timeout: 30_000 }).toBe(false)
  expect(place.run(['stop'])).toMatchObject({ status: 0, stderr: 'Nothing runs here.\n' })
})
