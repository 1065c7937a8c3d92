import { once } from 'node:events'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

let place: Place
beforeEach(() => {
  place = commandPlace()
})
afterEach(() => place.remove())

const agents = [{ name: 'helper', model: 'mine/x' }]

/** A plugin that has everything: a provider, a timer, a socket. */
const acme = `
  import { definePlugin, defineProvider, offline } from 'asyncv'
  import { appendFileSync } from 'node:fs'
  import { createServer } from 'node:net'
  import { join } from 'node:path'
  import { z } from 'zod'

  const provider = defineProvider({ type: 'acme', options: z.strictObject({ tone: z.string() }), create: () => offline() })
  const server = createServer((socket) => socket.end())
  let timer
  export default definePlugin({
    name: 'acme',
    providers: [provider],
    async start({ logger }) {
      timer = setInterval(() => appendFileSync(join(import.meta.dirname, 'ticks'), '.'), 20)
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      logger.info({ port: server.address().port }, 'acme listens')
    },
    stop() {
      clearInterval(timer)
      server.close()
    },
  })
`
const providers = { mine: { type: 'acme', options: { tone: 'kind' } } }

async function agentAnswers(url: string): Promise<number> {
  const { status } = await fetch(`${url}/v1/agents/helper/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'hi' }),
  })
  return status
}

function reachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

test('a configuration names a plugin’s parts by their type; without it, everything that it began is gone', async () => {
  place.write('acme.ts', acme)
  place.write('asyncv.config.json', { plugins: ['./acme.ts'], providers, agents })
  const { child, url, stderr } = await place.start()
  expect(await agentAnswers(url)).toBe(200)
  const port = Number(/"port":(\d+),"msg":"acme listens"/.exec(stderr())?.[1])
  expect(await reachable(port)).toBe(true)
  const ticks = join(place.folder, 'ticks')
  await expect.poll(() => existsSync(ticks)).toBe(true)

  place.write('asyncv.config.json', { agents: [{ name: 'helper', model: 'offline/demo' }] })
  child.kill('SIGHUP')
  await expect.poll(stderr).toMatch(/"reloaded"/)
  expect(await reachable(port)).toBe(false)
  const { size } = statSync(ticks)
  await sleep(150)
  expect(statSync(ticks).size).toBe(size)
  expect(await agentAnswers(url)).toBe(200)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a package is found from the configuration’s folder, and needs no more than to export its parts', async () => {
  const folder = join(place.folder, 'node_modules/asyncv-acme')
  mkdirSync(folder, { recursive: true })
  place.write('node_modules/asyncv-acme/package.json', { name: 'asyncv-acme', type: 'module', exports: './index.js' })
  place.write(
    'node_modules/asyncv-acme/index.js',
    `import { defineProvider, offline } from 'asyncv'
     import { z } from 'zod'
     export const acme = defineProvider({ type: 'acme', options: z.strictObject({ tone: z.string() }), create: () => offline() })`,
  )
  place.write('asyncv.config.json', { plugins: ['asyncv-acme'], providers, agents })
  const { url } = await place.start()
  expect(await agentAnswers(url)).toBe(200)
})

test.each<[string, unknown[], RegExp]>([
  ['is not there', ['./nowhere.ts'], /The plugin "\.\/nowhere\.ts" cannot be loaded: [\s\S]*Check its path/],
  [
    'is not installed',
    ['asyncv-nowhere'],
    /The plugin "asyncv-nowhere" cannot be loaded: [\s\S]*npm install asyncv-nowhere/,
  ],
  ['would be fetched', ['https://evil.example/plugin.js'], /plugins\[0\] is "https:\/\/evil\.example\/plugin\.js"/],
  ['has nothing', ['./empty.ts'], /"\.\/empty\.ts" has no connector, provider or tool; it exports nothing/],
  ['throws', ['./broken.ts'], /The plugin "\.\/broken\.ts" cannot be loaded: out of order/],
  ['is no name', [7], /plugins\[0\]: is no plugin/],
  ['has the type of another', ['./acme.ts', './acme2.ts'], /both have the provider type "acme"/],
  ['is misused', ['./acme.ts'], /providers\.mine\.options\.tune: unknown key\. .*tone/],
])('a plugin that %s is a failed start that says so', (_, plugins, message) => {
  place.write('empty.ts', 'export {}')
  place.write('broken.ts', `throw new Error('out of order')`)
  place.write('acme.ts', acme)
  place.write('acme2.ts', acme.replace(`name: 'acme'`, `name: 'acme2'`))
  const options = String(message).includes('tune') ? { tune: 'x' } : { tone: 'kind' }
  place.write('asyncv.config.json', { plugins, providers: { mine: { type: 'acme', options } }, agents })
  const { status, stderr } = place.run(['start', '--port', '0'])
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) })
})
