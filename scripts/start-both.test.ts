import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder = ''
let child: ChildProcess
let out = ''
let exited: Promise<unknown>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asyncv-both-'))
  const script = `import(${JSON.stringify(join(import.meta.dirname, 'start-both.ts'))})
    .then(({ startBoth }) => startBoth(['--port', '0'], { build: false })).then((code) => { process.exitCode = code })`
  child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '-e', script], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ASYNCV_STUDIO_PORT: '0' },
  })
  exited = once(child, 'exit')
  out = ''
  child.stdout?.on('data', (chunk) => (out += chunk))
  child.stderr?.on('data', (chunk) => (out += chunk))
})
afterEach(async () => {
  child.kill('SIGTERM')
  await exited
  rmSync(folder, { recursive: true, force: true })
})

async function seen(pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const [, found] = pattern.exec(out) ?? []
    if (found !== undefined) return found
    if (child.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`It never said ${String(pattern)}:\n${out}`)
}

const urls = async () => ({
  runtime: await seen(/asyncv is running at (http:\S+)/),
  studio: await seen(/Studio is running at (http:\S+)/),
})
const answers = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => null,
  )
const pidOf = (database: string) =>
  (JSON.parse(readFileSync(join(folder, `.asyncv/${database}.owner.json`), 'utf8')) as { pid: number }).pid

test('both are there, and one signal ends both', async () => {
  const { runtime, studio } = await urls()
  expect(await answers(`${runtime}/healthz`)).toBe(200)
  expect(await answers(`${studio}/api/first-run`)).toBe(200)
  expect(out).toContain(`${studio}/first-run#`)
  child.kill('SIGINT')
  expect(await exited).toEqual([0, null])
  expect(await answers(`${studio}/api/first-run`)).toBeNull()
}, 90_000)

test('the runtime serves on when Studio is killed', async () => {
  const { runtime } = await urls()
  process.kill(pidOf('studio.db'), 'SIGKILL')
  await seen(/(Studio has ended \(killed\))/)
  expect(await answers(`${runtime}/healthz`)).toBe(200)
}, 90_000)

test('Studio ends with the runtime', async () => {
  const { studio } = await urls()
  process.kill(pidOf('asyncv.db'), 'SIGTERM')
  expect(await exited).toEqual([0, null])
  expect(await answers(`${studio}/api/first-run`)).toBeNull()
}, 90_000)
