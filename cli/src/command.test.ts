import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const command = ['-C', '@asyncv/source', '--import', 'tsx', join(import.meta.dirname, 'main.ts')]

let folder = ''
let children: ChildProcess[] = []
beforeEach(() => {
  // Inside the repository, so that a configuration file can import the packages.
  folder = mkdtempSync(join(tmpdir(), 'asyncv-cli-'))
})
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  children = []
  rmSync(folder, { recursive: true, force: true })
})

function environment(more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', ASYNCV_HOME: join(folder, 'home'), ...more }
}

function run(args: string[], options: { env?: Record<string, string>; input?: string } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: environment(options.env),
    ...(options.input === undefined ? {} : { input: options.input }),
  })
  return { status, stdout, stderr }
}

async function start(...args: string[]): Promise<{ child: ChildProcess; url: string; stdout: () => string }> {
  const child = spawn(process.execPath, [...command, 'start', '--port', '0', ...args], {
    cwd: root,
    env: environment(),
  })
  children.push(child)
  let stdout = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      const [, found] = /running at (http:\S+)/.exec(stdout) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
  return { child, url, stdout: () => stdout }
}

function config(value: unknown): string {
  const file = join(folder, 'asyncv.config.json')
  writeFileSync(file, JSON.stringify(value))
  return file
}

const agents = [{ name: 'helper', model: 'offline/demo' }]

test('--version and --help', () => {
  expect(run(['--version'])).toMatchObject({ status: 0, stdout: 'asyncv 0.1.0\n' })
  expect(run(['--help']).stdout).toContain('Available Commands')
})

test('unknown commands and options suggest the nearest', () => {
  expect(run(['stauts'])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('Did you mean "status"?'),
  })
  expect(run(['start', '--prot', '1'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Did you mean "--port"?'),
  })
})

test('start says what it found and what to try; status, chat and a signal find it', { timeout: 30_000 }, async () => {
  const { child, stdout } = await start()
  expect(stdout()).toMatch(/offline demo[\s\S]*chat[\s\S]*curl/)
  expect(run(['status'])).toMatchObject({ status: 0, stdout: expect.stringContaining('is ready') })
  expect(JSON.parse(run(['status', '--json']).stdout)).toMatchObject({ ready: true })
  expect(run(['chat'], { input: 'what is 6 * 7\n' })).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('6 * 7 = 42'),
  })
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('chat embeds a runtime when no service runs', { timeout: 20_000 }, () => {
  expect(run(['chat'], { input: '你好\n', env: { ASYNCV_PORT: '1' } })).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('你说'),
  })
})

test('status without a service says how to start one', () => {
  expect(run(['status'], { env: { ASYNCV_PORT: '1' } })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('asyncv start'),
  })
})

test('a second start on the same database is refused and names the first', { timeout: 20_000 }, async () => {
  const { child, url } = await start()
  const second = run(['start', '--port', '0'])
  expect(second.status).toBe(2)
  expect(second.stderr).toContain(`process ${child.pid}`)
  expect(second.stderr).toContain(url)
})

const wrong: [name: string, value: unknown, message: RegExp][] = [
  ['an unknown key', { agents, agnets: [] }, /agnets: unknown key\. Did you mean "agents"\?/],
  ['an unknown key deeper down', { agents, server: { prot: 1 } }, /server\.prot: unknown key\. Did you mean "port"\?/],
  ['a wrong type', { agents: [{ name: 7, model: 'offline/demo' }] }, /agents\[0\]\.name: .*string/],
  [
    'a model without provider',
    { agents: [{ name: 'helper', model: 'main/gpt' }] },
    /model "main\/gpt" names no provider.*offline/,
  ],
  ['a duplicate name', { agents: [...agents, ...agents] }, /Two of the same name: agent "helper"/],
  ['an unknown agent in a route', { agents, routes: [{ connector: 'tg', agent: 'x' }] }, /unknown connector "tg"/],
  [
    'a missing variable',
    { agents, providers: { main: { type: 'openai', options: { apiKey: { $secret: 'NOT_THERE_KEY' } } } } },
    /providers\.main\.options\.apiKey: the environment has no NOT_THERE_KEY/,
  ],
  [
    'an unknown provider type',
    { agents, providers: { main: { type: 'opneai' } } },
    /providers\.main\.type: unknown provider type "opneai"\. Did you mean "openai"\?/,
  ],
]
test.each(wrong)('%s in the configuration is named, with exit code 2', (_, value, message) => {
  const result = run(['start', '--port', '0', '--config', config(value)])
  expect(result.stderr).toMatch(message)
  expect(result).toMatchObject({ status: 2, stdout: '' })
})

test('a configuration file that is not there is named', () => {
  expect(run(['start', '--config', join(folder, 'none.json')])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('none.json'),
  })
})

test('crash points are listed, and the variable does nothing by itself', () => {
  const points = run(['debug', 'crashpoints']).stdout.trim().split('\n')
  expect(points.length).toBeGreaterThanOrEqual(25)
  expect(points).toContain('storage.accept:after')
})
