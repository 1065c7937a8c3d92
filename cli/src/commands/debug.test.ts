import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

const canary = 'canary-5d1f'
let place: Place
beforeAll(() => {
  place = commandPlace()
  place.write('.env', `ASYNCV_LOG_LEVEL=warn\nASYNCV_PORT=7111\nMODEL_KEY=${canary}-env\n`)
  place.write('asyncv.config.json', {
    providers: {
      main: {
        type: 'openai',
        options: {
          apiKey: `${canary}-literal`,
          baseURL: 'http://127.0.0.1:9/v1',
          proxy: `http://ann:${canary}-proxy@127.0.0.1:8`,
          headers: { 'X-Key': `${canary}-header` },
          timeouts: { connectMs: 5 },
        },
      },
      odd: { type: 'nothing-known', options: { anything: `${canary}-odd`, url: `http://a.example/?key=${canary}` } },
    },
    connectors: { tg: { type: 'telegram', options: { token: { $secret: 'MODEL_KEY' }, allow: [7] } } },
    agents: [{ name: 'helper', model: 'main/m', tools: ['time'] }],
    outbox: { maxAttempts: 3 },
    server: { host: 'localhost', limits: { streams: 5 } },
  })
})
afterAll(() => place.remove())

interface Setting {
  name: string
  value: unknown
  source: string
}

const all = (args: string[] = [], env: Record<string, string> = {}): Map<string, Setting> => {
  const { stdout } = place.run(['debug', 'config', '--sources', '--json', ...args], { env })
  return new Map((JSON.parse(stdout) as Setting[]).map((setting) => [setting.name, setting]))
}

test('debug config says of each setting where it comes from', () => {
  const file = `file ${place.folder}/asyncv.config.json`
  const found = all(['--management-port', '7222'], { ASYNCV_PORT: '7333' })
  const told = (name: string): unknown[] => [found.get(name)?.value, found.get(name)?.source]
  expect(told('server.managementPort')).toEqual(['7222', 'flag --management-port'])
  expect(told('server.port')).toEqual(['7333', 'environment ASYNCV_PORT'])
  expect(told('logLevel')).toEqual(['warn', '.env ASYNCV_LOG_LEVEL'])
  expect(told('server.host')).toEqual(['localhost', file])
  expect(told('server.limits.streams')).toEqual([5, file])
  expect(told('server.limits.pingMs')).toEqual([15_000, 'default'])
  expect(told('outbox.maxAttempts')).toEqual([3, file])
  expect(told('outbox.backoffMs')).toEqual([1_000, 'default'])
  expect(told('agents[0].tools')).toEqual([['time'], file])
  expect(told('providers.main.options.baseURL')).toEqual(['http://127.0.0.1:9/v1', file])
  expect(told('providers.main.options.timeouts.connectMs')).toEqual([5, file])
  expect(told('connectors.tg.options.allow[0]')).toEqual([7, file])
  expect(told('storage')).toEqual([`sqlite:${place.folder}/.asyncv/asyncv.db`, 'default'])
})

test('debug config shows no secret, whatever it stands in', () => {
  const found = all()
  expect(found.get('connectors.tg.options.token')?.value).toBe('[secret MODEL_KEY]')
  for (const name of [
    'main.options.apiKey',
    'main.options.proxy',
    'main.options.headers.X-Key',
    'odd.options.anything',
  ]) {
    expect(found.get(`providers.${name}`)?.value, name).toBe('(hidden)')
  }
  const storage = { ASYNCV_STORAGE: `postgres://ann:${canary}@db` }
  for (const args of [['--json'], ['--sources'], ['--lang', 'zh']]) {
    const { status, stdout, stderr } = place.run(['debug', 'config', ...args], { env: storage })
    expect(status).toBe(0)
    expect(`${stdout}${stderr}`).not.toContain(canary)
  }
})

test('debug config opens and writes nothing', () => {
  const there = commandPlace()
  const { status, stdout } = there.run(['debug', 'config', '--sources'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/^SETTING +VALUE +FROM\nconfig +null +default\n/)
  expect(there.run(['status']).status).toBe(1)
  there.remove()
})

test('debug routes lists those of both listeners, with what opens each', () => {
  const { status, stdout } = place.run(['debug', 'routes'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/runtime +POST +\/v1\/tasks\/\{id\}\/cancel +invoke or operate\n/)
  expect(stdout).toMatch(/runtime +GET +\/readyz +nothing\n/)
  expect(stdout).toMatch(/management +POST +\/admin\/v1\/drain +operate\n/)
  expect(stdout).toMatch(/management +POST +\/admin\/v1\/trust\/changes +the operator key\n/)
  const routes = JSON.parse(place.run(['debug', 'routes', '--json']).stdout) as { needs: unknown }[]
  expect(routes).toContainEqual({ listener: 'runtime', method: 'GET', path: '/v1/tasks', needs: ['read'] })
})

test('something that there is not is an error that names what there is', () => {
  for (const args of [['debug'], ['debug', 'toString']]) {
    const { status, stderr } = place.run(args)
    expect(status).toBe(2)
    expect(stderr).toContain('crashpoints, routes, config')
  }
})
