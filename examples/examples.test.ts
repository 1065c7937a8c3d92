import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSqlite } from '@asyncv/migrations'
import { fakeTelegram } from '@asyncv/telegram/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let folder = ''
let running: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-example-'))
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running = []
  rmSync(folder, { recursive: true, force: true })
})

/** Runs an example as its reader would, over the packages as they are published (`test/built-command.ts`). */
function run(name: string, args: string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, `${name}.ts`), ...args], {
    env: { PATH: process.env['PATH'] ?? '', DATABASE: join(folder, 'example.db'), ...env },
  })
  running.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { child, ended: once(child, 'exit'), output: () => output }
}

async function until<Value>(look: () => Value | undefined | null | false): Promise<Value> {
  for (let tries = 0; tries < 2_500; tries++) {
    const found = look()
    if (found) return found
    await sleep(20)
  }
  throw new Error('It did not happen within 50 s.')
}

test('plain answers and ends', async () => {
  const { ended, output } = run('plain', ['What is 6 * 7?'])
  expect((await ended)[0], output()).toBe(0)
  expect(output()).toContain('6 * 7 = 42')
})

test('custom-provider answers in capitals', async () => {
  const { ended, output } = run('custom-provider')
  expect((await ended)[0], output()).toBe(0)
  expect(output()).toContain('CAN YOU HEAR ME')
})

test('mcp-host finds the agents of a service as tools, and asks one', async () => {
  const { child, output: service } = run('express', [], { PORT: '0' })
  const port = await until(() => /port: (\d+)/.exec(service())?.[1])
  const url = `http://127.0.0.1:${port}/mcp`
  const { ended, output } = run('mcp-host', ['What is 6 * 7?'], { MCP_URL: url })
  expect((await ended)[0], output()).toBe(0)
  expect(output()).toMatch(/Tools: ask_\w+, tasks_get, tasks_cancel/)
  expect(output()).toContain('You said: “What is 6 * 7?”')
  child.kill('SIGTERM')
})

test('express serves its own route and the mounted service, and stops', async () => {
  const { child, ended, output } = run('express', [], { PORT: '0' })
  const port = await until(() => /port: (\d+)/.exec(output())?.[1])
  expect(await (await fetch(`http://127.0.0.1:${port}/ask?text=hi`)).json()).toMatchObject({
    answer: expect.stringContaining('hi'),
  })
  expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()).toMatchObject({ ready: true })
  // Measured from scrape to scrape, so only a service that is made once has anything to tell.
  const delay = async (): Promise<number> => {
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    return Number(/delay_seconds\{percentile="99"\} (\S+)/.exec(metrics)?.[1])
  }
  await vi.waitFor(async () => expect(await delay()).toBeGreaterThan(0), { timeout: 5_000 })
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

test('hono mounts the service below a path, behind its own sign-in, and hands files in', async () => {
  const { child, ended, output } = run('hono', [], { PORT: '0' })
  const port = await until(() => /port: (\d+)/.exec(output())?.[1])
  const at = `http://127.0.0.1:${port}`
  const headers = { 'x-user': 'ada', 'Content-Type': 'application/json' }
  expect((await fetch(`${at}/assistant/v1/agents`)).status).toBe(401)
  expect(await (await fetch(`${at}/assistant/v1/agents`, { headers })).json()).toMatchObject({
    data: [{ name: 'helper' }],
  })
  const sent = { method: 'POST', headers, body: '{"text":"hi"}' }
  expect((await fetch(`${at}/assistant/v1/agents/helper/messages`, sent)).status).toBe(200)
  expect((await fetch(`${at}/assistant/docs`, { headers })).status).toBe(200)
  const summed = await fetch(`${at}/summaries`, { method: 'POST', body: 'Once upon a time.' })
  expect(await summed.json()).toMatchObject({ summary: expect.stringContaining('Sum this up.') })
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

test('telegram-bot answers a person', async () => {
  const telegram = await fakeTelegram()
  run('telegram-bot', [], { TELEGRAM_API_ROOT: telegram.url, TELEGRAM_BOT_TOKEN: telegram.token, ALLOW: 'everyone' })
  telegram.say(7, 'hello')
  expect(await telegram.next(7, undefined, 50_000)).toMatchObject({ text: expect.stringContaining('hello') })
  await telegram.close()
})

test('custom-connector answers each line once, over a restart too', async () => {
  const lines = (): string[] => {
    try {
      return readFileSync(join(folder, 'outbox.txt'), 'utf8').trim().split('\n')
    } catch {
      return []
    }
  }
  writeFileSync(join(folder, 'inbox.txt'), 'one\n')
  const first = run('custom-connector', [folder])
  await until(() => lines().length === 1)
  // Not SIGKILL: it could cut the send before its receipt is on disk, and a cut send is made again.
  first.child.kill('SIGTERM')
  await first.ended
  writeFileSync(join(folder, 'inbox.txt'), 'one\ntwo\n')
  run('custom-connector', [folder])
  await until(() => lines().length >= 2)
  expect(lines().map((line) => /one|two/.exec(line)?.[0])).toEqual(['one', 'two'])
})

test('custom-connector goes on when the disk takes nothing for a while', async () => {
  const { output } = run('custom-connector', [folder])
  const answered = (): boolean => readdirSync(folder).includes('outbox.txt')
  writeFileSync(join(folder, 'inbox.txt'), 'one\n')
  await until(answered)
  const other = await openSqlite(join(folder, 'asyncv.db'))
  other.exec('begin immediate')
  appendFileSync(join(folder, 'inbox.txt'), 'two\n')
  await until(() => output().includes('offered again'))
  other.exec('rollback')
  other.close()
  await until(() => readFileSync(join(folder, 'outbox.txt'), 'utf8').includes('two'))
})

test('every example is here, and short', () => {
  const examples = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  expect(examples.sort()).toEqual([
    'custom-connector.ts',
    'custom-provider.ts',
    'express.ts',
    'hono.ts',
    'mcp-host.ts',
    'plain.ts',
    'telegram-bot.ts',
  ])
  for (const file of examples)
    expect(readFileSync(join(import.meta.dirname, file), 'utf8').split('\n').length, file).toBeLessThan(61)
})
