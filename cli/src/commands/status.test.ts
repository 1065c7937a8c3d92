import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

let place: Place
beforeAll(() => {
  place = commandPlace()
})
afterAll(() => place.remove())

test('without a service it says how to start one', () => {
  const { status, stdout, stderr } = place.run(['status'], { env: { ASYNCV_PORT: '1' } })
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/No asyncv service was found[\s\S]*asyncv start/)
})

test('shows readiness and the numbers of the service that runs here', async () => {
  const { url } = await place.start()
  place.run(['chat'], { input: 'hi\n' })
  const { status, stdout } = place.run(['status'], { env: { ASYNCV_PORT: '1' } })
  expect(status).toBe(0)
  expect(stdout).toContain(`✓ ${url} is ready`)
  expect(stdout).toMatch(/ {2}accepted +1\n/)
  expect(place.run(['status'], { env: { ASYNCV_PORT: '1', ASYNCV_URL: '' } }).stdout).toMatch(/ {2}agents +assistant\n/)
  expect(JSON.parse(place.run(['status', '--json', '--url', url]).stdout)).toMatchObject({
    url,
    ready: true,
    numbers: { accepted: 1, waiting: 0, 'dead letters': 0 },
  })
})

test('finds the service of a configuration with a database and a port of its own', async () => {
  const there = commandPlace()
  const agents = [{ name: 'helper', model: 'offline/demo' }]
  there.write('asyncv.config.json', { agents, storage: 'sqlite:./elsewhere.db' })
  const { url } = await there.start()
  expect(there.run(['status']).stdout).toContain(`✓ ${url} is ready`)
  there.remove()
})

// Containers often have no IPv6, and then nothing can listen there.
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)

test.each([
  { host: '0.0.0.0', on: '127.0.0.1', shown: '127.0.0.1' },
  { host: 'localhost', on: '127.0.0.1', shown: 'localhost' },
  ...(hasIpv6 ? ['::', '::1', '[::1]'] : []).map((host) => ({ host, on: '::1', shown: '[::1]' })),
])(
  'a service that listens on $host, and whose database is elsewhere, is found on this machine',
  async ({ host, on, shown }) => {
    const service = createServer((_, response) => response.end('{"ready":true,"checks":[]}')).listen(0, on)
    await once(service, 'listening')
    const { port } = service.address() as { port: number }
    const there = commandPlace()
    const { stdout } = await there.call(['status', '--json'], {
      env: { ASYNCV_HOST: host, ASYNCV_PORT: String(port) },
    })
    expect(stdout).toContain(`"url": "http://${shown}:${port}"`)
    service.close()
    there.remove()
  },
)

test.skipIf(process.platform === 'win32')(
  'a service that hangs is told from none, and not waited for',
  async () => {
    const there = commandPlace()
    const { child, url } = await there.start()
    child.kill('SIGSTOP')
    const begun = performance.now()
    const { status, stderr } = there.run(['status'])
    const tookMs = performance.now() - begun
    child.kill('SIGCONT')
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining(`${url} did not answer within 5 s.`),
    })
    expect(stderr).not.toContain('Start one')
    expect(tookMs).toBeLessThan(20_000)
    there.remove()
  },
  60_000,
)

test('an .env that cannot be read is named', () => {
  const there = commandPlace()
  mkdirSync(join(there.folder, '.env'))
  const { status, stderr } = there.run(['status'])
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('.env cannot be read') })
  there.remove()
})

test.each([
  [503, '/metrics answered 503'],
  [429, '/metrics answered 429'],
  [401, 'it wants a key'],
])('numbers that a service does not say (%i) are not known, and not zero', async (status, why) => {
  const service = createServer(({ url }, response) => {
    if (url === '/readyz') response.writeHead(503).end('{"ready":false,"checks":[{"name":"storage","ok":false}]}')
    else response.writeHead(status).end('{"code":"some_problem"}')
  }).listen(0, '127.0.0.1')
  await once(service, 'listening')
  const { port } = service.address() as { port: number }
  const seen = async (...more: string[]): Promise<string> => {
    const { status, stdout } = await place.call(['status', '--url', `http://127.0.0.1:${port}`, ...more])
    expect(status).toBe(1)
    return stdout
  }
  expect(await seen()).toMatch(new RegExp(`✗ storage\\n  the numbers are not known: ${why}\\n$`))
  expect(JSON.parse(await seen('--json'))).toMatchObject({ ready: false, numbers: {} })
  service.close()
})

test('something else at that address is no service', async () => {
  const other = createServer((_, response) => response.end('{"status":"ok"}')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { status, stderr } = await place.call(['status', '--url', `http://127.0.0.1:${port}`])
  expect(status).toBe(1)
  expect(stderr).toContain(`No asyncv service answers at http://127.0.0.1:${port}`)
  other.close()
})
