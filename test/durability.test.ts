import { execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fakeModel } from '@asyncv/openai/testing'
import { fakeTelegram } from '@asyncv/telegram/testing'
import { expect, test } from 'vitest'
import { measure, type Services } from '../bench/measure.ts'
import { shipped } from '../bench/shipped.ts'
import { bundleCommand } from './crash/bundle.ts'

const strace = hasStrace()
if (!strace)
  console.warn('SKIPPED: "disk before acknowledgement" needs strace (apt-get install strace), which is not here.')

test.skipIf(!strace)('what is acknowledged was written and synced to disk before', { timeout: 60_000 }, async () => {
  const { command } = await bundleCommand()
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-strace-'))
  const trace = join(folder, 'trace')
  const calls = 'trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg'
  const child = spawn(
    'strace',
    ['-f', '-y', '-s', '80', '-e', calls, '-o', trace, process.execPath, command, 'start', '--port', '0'],
    { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ASYNCV_HOME: join(folder, 'home') } },
  )
  try {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    let url: string | undefined
    for (let tries = 0; url === undefined && tries < 1_000; tries++) {
      await sleep(20)
      url = /running at (http:\S+)/.exec(output)?.[1]
    }
    const response = await fetch(`${url}/v1/agents/assistant/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Prefer: 'respond-async' },
      body: JSON.stringify({ text: 'a word that is found again: xylophone' }),
    })
    expect(response.status).toBe(202)
    await sleep(200)
  } finally {
    // strace does not pass signals on.
    const { pid } = JSON.parse(readFileSync(join(folder, 'home/asyncv.db.owner.json'), 'utf8')) as { pid: number }
    process.kill(pid, 'SIGTERM')
    await once(child, 'exit')
  }
  const lines = readFileSync(trace, 'utf8').split('\n')
  const answer = lines.findIndex((line) => line.includes('HTTP/1.1 202'))
  const synced = lines.slice(0, answer).findLastIndex((line) => /f(data)?sync\(\d+<[^>]*asyncv\.db-wal>/.test(line))
  const written = lines.slice(0, synced).findLastIndex((line) => /pwrite64\(\d+<[^>]*asyncv\.db-wal>/.test(line))
  const later = lines.slice(synced, answer).findIndex((line) => /pwrite64\(\d+<[^>]*asyncv\.db-wal>/.test(line))
  rmSync(folder, { recursive: true, force: true })
  expect(answer, 'the answer is in the trace').toBeGreaterThan(0)
  expect(synced, 'a sync comes before the answer').toBeGreaterThan(0)
  expect(written, 'a write comes before the sync').toBeGreaterThan(0)
  expect(later, 'nothing of the log was written and not synced when the answer left').toBe(-1)
})

test('one session: two commits, one model call and one send a message', async () => {
  const model = await fakeModel({ reply: () => ({ text: 'yes' }) })
  const telegram = await fakeTelegram()
  telegram.open(1)
  const contender = await shipped({ modelUrl: model.url, telegramUrl: telegram.url, token: telegram.token })
  for (let n = 0; n < 20; n++) await contender.handle(0, `message ${n}`)
  expect(model.count).toBe(20)
  expect(telegram.sends).toHaveLength(20)
  // The "sent" of a message rides with the next one's accept; the last has none to ride with.
  await sleep(20)
  expect(await contender.commits()).toBeLessThanOrEqual(20 * 2 + 2)
  await Promise.all([contender.close(), telegram.close(), model.close()])
})

test('64 sessions: at most one commit for ten messages', { timeout: 30_000 }, async () => {
  // In a process of their own, as platforms are: here they would have a share in each turn of the event loop.
  const fakes = fork(join(import.meta.dirname, '../bench/fakes.ts'), {
    execArgv: ['-C', '@asyncv/source', '--import', 'tsx'],
  })
  const [services] = (await once(fakes, 'message')) as [Services]
  const contender = await shipped(services)
  await measure(contender.handle, 64, 1)
  const before = await contender.commits()
  const { messages } = await measure(contender.handle, 64, 3)
  expect(((await contender.commits()) - before) / messages).toBeLessThanOrEqual(0.1)
  await contender.close()
  fakes.send('end')
  await once(fakes, 'exit')
})

function hasStrace(): boolean {
  try {
    // Containers may forbid it even where it is installed.
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
