import { once } from 'node:events'
import { appendFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

let place: Place
beforeEach(() => {
  place = commandPlace()
})
afterEach(() => place.remove())

const agent = (name: string) => ({ name, model: 'offline/demo' })

async function agentsAt(url: string): Promise<string[]> {
  const { data } = (await (await fetch(`${url}/v1/agents`)).json()) as { data: { name: string }[] }
  return data.map(({ name }) => name)
}

async function statusOf(url: string, name: string, text = 'hi'): Promise<number> {
  const { status } = await fetch(`${url}/v1/agents/${name}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  return status
}

test('SIGHUP reads the configuration again, at the same port, in the same process', async () => {
  place.write('asyncv.config.json', { agents: [agent('one')] })
  const { child, url, stderr } = await place.start()
  expect(await agentsAt(url)).toEqual(['one'])
  place.write('asyncv.config.json', { agents: [agent('two')], server: { port: 1 } })
  child.kill('SIGHUP')
  await expect.poll(() => agentsAt(url)).toEqual(['two'])
  expect(await statusOf(url, 'two')).toBe(200)
  expect(child.exitCode).toBeNull()
  expect(place.run(['status', '--json']).stdout).toContain('"ready": true')
  await expect.poll(stderr).toMatch(/"reloaded"/)
  expect(stderr()).not.toMatch(/"setting":"server.port"/) // --port says what holds
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('what only a restart changes is said at a reload', async () => {
  place.write('asyncv.config.json', { agents: [agent('one')], server: { limits: { stuckMs: 60_000 } } })
  const { child, stderr } = await place.start()
  const warned = (): string[] => [...stderr().matchAll(/"setting":"([\w.]+)"/g)].map(([, setting = '']) => setting)
  const limits = { stuckMs: 60_000, connections: 77, streams: 5 }
  place.write('asyncv.config.json', { agents: [agent('one')], server: { limits } })
  child.kill('SIGHUP')
  await expect.poll(stderr).toMatch(/"reloaded"/)
  expect(warned()).toEqual(['server.limits.connections'])
  place.write('asyncv.config.json', { agents: [agent('one')], server: { limits: { ...limits, stuckMs: 50_000 } } })
  child.kill('SIGHUP')
  await expect.poll(() => stderr().match(/"reloaded"/g)?.length).toBe(2)
  expect(warned().slice(1)).toEqual(['server.limits.stuckMs'])
})

test('the log level of .env is read again, too', async () => {
  place.write('asyncv.config.json', { agents: [agent('one')], server: { notReadyMs: 0 } })
  const { child, url, stderr } = await place.start()
  place.write('.env', 'ASYNCV_LOG_LEVEL=debug\n')
  child.kill('SIGHUP')
  await expect.poll(stderr).toMatch(/"reloaded"/)
  expect(stderr()).not.toMatch(/"level":20/)
  expect(await statusOf(url, 'one')).toBe(200)
  await expect.poll(stderr).toMatch(/"level":20/)
})

test('a module of the configuration is read again, too', async () => {
  const config = (name: string): string => `export default { agents: [{ name: '${name}', model: 'offline/demo' }] }`
  place.write('asyncv.config.ts', config('one'))
  const { child, url } = await place.start()
  place.write('asyncv.config.ts', config('two'))
  child.kill('SIGHUP')
  await expect.poll(() => agentsAt(url)).toEqual(['two'])
})

test('what was accepted before a reload is answered after it', async () => {
  place.write('asyncv.config.json', { agents: [agent('one')] })
  const { child, url } = await place.start()
  const accepted: string[] = []
  let refused = 0
  for (let n = 0; n < 60; n++) {
    if (n % 20 === 10) child.kill('SIGHUP')
    const response = await fetch(`${url}/v1/agents/one/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: JSON.stringify({ text: `message ${n}` }),
    })
    const body = (await response.json()) as { task: string }
    if (response.status === 202) accepted.push(body.task)
    else {
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
      refused++
    }
    await sleep(5)
  }
  expect(accepted.length).toBeGreaterThan(20)
  expect(accepted.length + refused).toBe(60)
  for (const task of accepted) {
    const state = async () => ((await (await fetch(`${url}/v1/tasks/${task}`)).json()) as { state: string }).state
    await expect.poll(state).toBe('done')
  }
})

test('a configuration that is wrong, or does not start, changes nothing', async () => {
  place.write('asyncv.config.json', { agents: [agent('one')] })
  const { child, url, stderr } = await place.start()
  place.write('asyncv.config.json', { agnets: [] })
  child.kill('SIGHUP')
  await expect.poll(stderr).toMatch(/not reloaded: the configuration is not usable/)
  expect(stderr()).toContain('agnets: unknown key')
  expect(await agentsAt(url)).toEqual(['one'])
  const storage = `sqlite:${join(place.folder, 'asyncv.config.json')}`
  place.write('asyncv.config.json', { agents: [agent('two')], storage })
  child.kill('SIGHUP')
  await expect.poll(stderr).toMatch(/not reloaded: [\s\S]*file is not a database/)
  expect(await agentsAt(url)).toEqual(['one'])
  place.write(
    'never.ts',
    `import { definePlugin } from 'asyncv'
     const start = () => { throw new Error('not today') }
     export default definePlugin({ name: 'never', start, stop() {} })`,
  )
  place.write('asyncv.config.json', { agents: [agent('two')], plugins: ['./never.ts'] })
  child.kill('SIGHUP')
  await expect.poll(stderr).toMatch(/this configuration does not start; back to the one before/)
  await expect.poll(() => statusOf(url, 'one')).toBe(200)
  expect(await agentsAt(url)).toEqual(['one'])
})

test('a service that can neither go on with the new configuration nor with the one before ends, and says why', async () => {
  place.write(
    'fussy.ts',
    `import { definePlugin } from 'asyncv'
     import { existsSync } from 'node:fs'
     import { join } from 'node:path'
     const start = () => {
       if (existsSync(join(import.meta.dirname, 'gone'))) throw new Error('what it needs is gone')
     }
     export default definePlugin({ name: 'fussy', start, stop() {} })`,
  )
  place.write('asyncv.config.json', { agents: [agent('one')], plugins: ['./fussy.ts'] })
  const { child, url, stderr } = await place.start()
  const exited = once(child, 'exit')
  // A connection that is kept alive must not hold the process either.
  expect(await agentsAt(url)).toEqual(['one'])
  place.write('gone', '')
  child.kill('SIGHUP')
  expect(await exited).toEqual([2, null])
  expect(stderr()).toMatch(/back to the one before[\s\S]*what it needs is gone/)
  await expect(fetch(`${url}/livez`)).rejects.toThrow()
})

const hanging = `import { definePlugin } from 'asyncv'
  export default definePlugin({ name: 'hanging', start: () => new Promise(() => {}), stop() {} })`

test('a reload that something holds up ends when the service is to stop', async () => {
  place.write('hanging.ts', hanging)
  place.write('asyncv.config.json', { agents: [agent('one')], server: { notReadyMs: 0 } })
  const { child, url, stderr } = await place.start()
  const exited = once(child, 'exit')
  place.write('asyncv.config.json', { agents: [agent('two')], plugins: ['./hanging.ts'] })
  child.kill('SIGHUP')
  await expect.poll(() => statusOf(url, 'two')).toBe(503)
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  expect(stderr()).not.toMatch(/back to the one before/)
})

test('a service that a reload has moved to another database is found there', async () => {
  place.write('asyncv.config.json', { agents: [agent('one')], server: { notReadyMs: 0 } })
  const { child, stderr } = await place.start()
  const exited = once(child, 'exit')
  place.write('asyncv.config.json', { agents: [agent('one')], storage: 'sqlite:./moved/here.db' })
  child.kill('SIGHUP')
  await expect.poll(stderr).toMatch(/"reloaded"/)
  await expect.poll(() => existsSync(join(place.folder, 'moved/here.db.service.json'))).toBe(true)
  expect(place.run(['stop'])).toMatchObject({ status: 0, stdout: expect.stringContaining(String(child.pid)) })
  expect(await exited).toEqual([0, null])
  for (const file of ['.asyncv/asyncv.db.service.json', 'moved/here.db.service.json']) {
    expect(existsSync(join(place.folder, file)), file).toBe(false)
  }
})

test('a service that is told to stop says that it is not ready, and answers for a while', async () => {
  place.write('asyncv.config.json', { agents: [agent('one')], server: { notReadyMs: 600 } })
  const { child, url } = await place.start()
  const exited = once(child, 'exit')
  const ready = async (): Promise<unknown> => (await fetch(`${url}/readyz`)).json()
  expect(await ready()).toMatchObject({ ready: true })
  child.kill('SIGTERM')
  await expect.poll(ready).toMatchObject({ ready: false, checks: [{}, { name: 'leaving', ok: false }] })
  expect(await statusOf(url, 'one')).toBe(200)
  expect(await exited).toEqual([0, null])
})

test('start --watch begins anew when a file beside the configuration changes, and ends with a signal', async () => {
  place.write('agents.ts', `export const agents = [{ name: 'one', model: 'offline/demo' }]`)
  place.write('asyncv.config.ts', `import { agents } from './agents.ts'\nexport default { agents }`)
  const { child, stderr, stdout } = await place.start(['--watch'])
  const urls = (): string[] => [...stdout().matchAll(/running at (http:\S+)/g)].map(([, url = '']) => url)
  const now = (): string => urls().at(-1) ?? ''
  expect(await agentsAt(now())).toEqual(['one'])
  place.write('notes.txt', 'nothing of ours')
  await sleep(400)
  expect(urls()).toHaveLength(1)
  place.write('agents.ts', `export const agents = [{ name: 'two', model: 'offline/demo' }]`)
  await expect.poll(() => urls().length, { timeout: 15_000 }).toBe(2)
  expect(await agentsAt(now())).toEqual(['two'])
  appendFileSync(join(place.folder, 'agents.ts'), '}')
  await expect.poll(stderr, { timeout: 15_000 }).toMatch(/waiting for a change/)
  place.write('agents.ts', `export const agents = [{ name: 'three', model: 'offline/demo' }]`)
  await expect.poll(() => urls().length, { timeout: 15_000 }).toBe(3)
  expect(await agentsAt(now())).toEqual(['three'])
  rmSync(join(place.folder, 'notes.txt'))
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  await expect(fetch(now())).rejects.toThrow()
}, 60_000)

test('start --watch does not begin anew for what the service itself writes beside the configuration', async () => {
  place.write('asyncv.config.json', { storage: 'sqlite:./asyncv.db', agents: [agent('one')] })
  const { child, stdout } = await place.start(['--watch', '--management-port', '0'])
  place.run(['trust', 'add', 'studio', Buffer.alloc(32, 7).toString('base64')])
  await sleep(1_500)
  expect(stdout().match(/running at/g)).toHaveLength(1)
  place.write('trusted.json', {})
  await expect.poll(() => stdout().match(/running at/g)?.length, { timeout: 15_000 }).toBe(2)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('start --watch says no more than the log level asks for', async () => {
  place.write('.env', 'ASYNCV_LOG_LEVEL=warn\n')
  place.write('asyncv.config.json', { agents: [agent('one')] })
  const { child, stdout, stderr } = await place.start(['--watch'])
  place.write('asyncv.config.json', { agents: [agent('two')] })
  await expect.poll(() => stdout().match(/running at/g)?.length, { timeout: 15_000 }).toBe(2)
  expect(stderr()).toBe('')
  // Killed, it would leave the service behind that it began.
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a secret that only the file names holds no reload up while a release is in force', async () => {
  const file = (...agents: string[]) => ({ agents: agents.map(agent), server: { managementPort: 0 } })
  place.write('asyncv.config.json', file('one'))
  const { child, url, stderr } = await place.start()
  place.write('asyncv.config.json', file('two'))
  expect(place.run(['deploy', '--yes'])).toMatchObject({ status: 0 })
  const main = { type: 'openai', options: { apiKey: { $secret: 'NOWHERE' } } }
  place.write('asyncv.config.json', { ...file('three'), providers: { main } })
  child.kill('SIGHUP')
  await expect.poll(stderr, { timeout: 10_000 }).toMatch(/"reloaded"|not reloaded/)
  expect(stderr()).toMatch(/"reloaded"/)
  expect(await agentsAt(url)).toEqual(['two'])
})

test('a reload that would leave the release in force without what it needs changes nothing', {
  timeout: 60_000,
}, async () => {
  place.write(
    'acme.mjs',
    `import { definePlugin, defineProvider, offline } from 'asyncv'
     import { z } from 'zod'
     const provider = defineProvider({ type: 'acme', options: z.strictObject({}), create: () => offline() })
     export default definePlugin({ name: 'acme', providers: [provider] })`,
  )
  place.write('asyncv.config.json', {
    plugins: ['./acme.mjs'],
    server: { managementPort: 0 },
    providers: { mine: { type: 'acme', options: {} } },
    agents: [{ name: 'one', model: 'mine/x' }],
  })
  const { child, url, stderr } = await place.start()
  // The other way round than the file, so that it is another release.
  place.write('release.json', {
    providers: { mine: { type: 'acme', options: {} } },
    agents: [{ name: 'deployed', model: 'mine/x' }],
  })
  expect(place.run(['deploy', 'release.json', '--yes'])).toMatchObject({ status: 0 })
  place.write('asyncv.config.json', { server: { managementPort: 0 }, agents: [agent('edited')] })
  child.kill('SIGHUP')
  await expect.poll(stderr, { timeout: 20_000 }).toMatch(/With this configuration release 2 cannot be applied/)
  await expect.poll(() => statusOf(url, 'deployed').catch(() => 0), { timeout: 20_000 }).toBe(200)
  expect(await agentsAt(url)).toEqual(['deployed'])
})
