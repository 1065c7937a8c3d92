import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
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

test('an .env that cannot be read is named', () => {
  const there = commandPlace()
  mkdirSync(join(there.folder, '.env'))
  const { status, stderr } = there.run(['status'])
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('.env cannot be read') })
  there.remove()
})

test('something else at that address is no service', async () => {
  const other = createServer((_, response) => response.end('{"status":"ok"}')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const child = place.spawn(['status', '--url', `http://127.0.0.1:${port}`])
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(stderr).toContain(`No asyncv service answers at http://127.0.0.1:${port}`)
  other.close()
})
