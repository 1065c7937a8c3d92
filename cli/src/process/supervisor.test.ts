import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })

const hasNotify = spawnSync('systemd-notify', ['--version']).status === 0
if (!hasNotify) console.warn('NOT RUN: there is no systemd-notify here, so nothing is known of what systemd is told.')

let place: Place
/** Not in the place's folder: such an address is 107 characters long at most. */
let folder: string
let listener: ChildProcess | undefined
beforeEach(() => {
  place = commandPlace()
  place.write('asyncv.config.json', { agents: [{ name: 'a', model: 'offline/demo' }], server: { notReadyMs: 0 } })
  folder = mkdtempSync(join(tmpdir(), 'asyncv-notify-'))
})
afterEach(() => {
  listener?.kill('SIGKILL')
  listener = undefined
  place.remove()
  rmSync(folder, { recursive: true })
})

async function listen(): Promise<{ socket: string; heard(): string[] }> {
  const socket = join(folder, 'socket')
  listener = spawn('python3', [join(import.meta.dirname, 'notify.fixture.py'), socket])
  let said = ''
  listener.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await expect.poll(() => said).toContain('listening')
  return { socket, heard: () => said.trim().split('\n').slice(1) }
}

describe.runIf(hasNotify)('systemd is told', () => {
  test('when the service is ready, reloads, is ready again, and stops', async () => {
    const { socket, heard } = await listen()
    const { child, url } = await place.start([], { env: { NOTIFY_SOCKET: socket } })
    const ready = `READY=1 STATUS=${url}`
    await expect.poll(heard).toContain(ready)
    child.kill('SIGHUP')
    await expect.poll(() => heard().filter((line) => line === ready).length).toBe(2)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    const words = heard().filter((line) => line !== 'BARRIER=1')
    expect(words).toEqual([ready, expect.stringMatching(/^RELOADING=1 MONOTONIC_USEC=\d+$/), ready, 'STOPPING=1'])
    const [, microseconds] = /USEC=(\d+)/.exec(words[1] ?? '') ?? []
    expect(Math.abs(Number(microseconds) / 1e6 - Number(process.hrtime.bigint()) / 1e9)).toBeLessThan(60)
  })

  test('nothing of being ready when it is to stop in the middle of a reload', async () => {
    const { socket, heard } = await listen()
    const { child, url } = await place.start([], { env: { NOTIFY_SOCKET: socket } })
    const ready = `READY=1 STATUS=${url}`
    await expect.poll(heard).toContain(ready)
    const hanging = `import { definePlugin } from 'asyncv'
      import { writeFileSync } from 'node:fs'
      const start = () => { writeFileSync(new URL('held', import.meta.url), ''); return new Promise(() => {}) }
      export default definePlugin({ name: 'hanging', start, stop() {} })`
    place.write('hanging.ts', hanging)
    const agents = [{ name: 'a', model: 'offline/demo' }]
    place.write('asyncv.config.json', { agents, plugins: ['./hanging.ts'], server: { notReadyMs: 0 } })
    child.kill('SIGHUP')
    await expect.poll(() => existsSync(join(place.folder, 'held')), { timeout: 20_000 }).toBe(true)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    const words = heard().filter((line) => line !== 'BARRIER=1')
    expect(words).toEqual([ready, expect.stringMatching(/^RELOADING=1/), 'STOPPING=1'])
  })

  test('regularly that it is alive, where it wants to know', async () => {
    const { socket, heard } = await listen()
    await place.start([], { env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000' } })
    await expect
      .poll(() => heard().filter((line) => line === 'WATCHDOG=1').length, { timeout: 10_000 })
      .toBeGreaterThan(2)
  })

  test('nothing of a watchdog that is meant for another process', async () => {
    const { socket, heard } = await listen()
    await place.start([], { env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '100000', WATCHDOG_PID: '1' } })
    await expect.poll(heard).toContainEqual(expect.stringContaining('READY=1'))
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(heard()).not.toContain('WATCHDOG=1')
  })
})

test('a service that cannot tell runs all the same, and says once that it cannot', async () => {
  mkdirSync(join(folder, 'empty'))
  const env = { NOTIFY_SOCKET: join(folder, 'nobody'), PATH: join(folder, 'empty'), WATCHDOG_USEC: '100000' }
  const { child, url, stderr } = await place.start([], { env })
  await expect.poll(stderr).toContain('systemd is not told how the service is')
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(stderr().match(/systemd is not told/g)).toHaveLength(1)
})
