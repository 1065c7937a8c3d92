import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, signUp } from '../browser.fixture.ts'
import { openImpostor, openRuntime, type OpenedRuntime } from '../runtime.fixture.ts'
import { createStudio } from '../studio.ts'
import { type OpenedStudio, openStudio } from '../studio.fixture.ts'

let opened: OpenedStudio
let runtime: OpenedRuntime
let ann: Browser
let key: string
let id: string
beforeAll(async () => {
  opened = await openStudio()
  runtime = await openRuntime(opened.folder)
  ann = await signUp(opened)
  key = await runtime.key()
  const { url, managementUrl } = runtime
  const { body } = await ann.ask('POST', '/api/runtimes', { name: 'here', url: `${url}/`, managementUrl, key })
  id = body.id
})
afterAll(async () => {
  await opened.close()
  await runtime.close()
})

const check = async (of = id) => (await ann.ask('POST', `/api/runtimes/${of}/check`)).body

/** Another runtime in Studio, which is gone after `use`. */
async function connected(change: Record<string, string>, use: (id: string) => Promise<void>): Promise<void> {
  const { url, managementUrl } = runtime
  const { body } = await ann.ask('POST', '/api/runtimes', { name: 'other', url, managementUrl, key, ...change })
  await use(body.id)
  await ann.ask('DELETE', `/api/runtimes/${body.id}`)
}

test('a connected runtime is listed, and its key is nowhere', async () => {
  const { body } = await ann.ask('GET', '/api/runtimes')
  expect(body.data).toMatchObject([{ id, name: 'here', url: runtime.url, keyId: key.split('_')[1] }])
  expect(JSON.stringify(body)).not.toContain(key)
  const files = ['studio.db', 'studio.db-wal'].map((file) => readFileSync(join(opened.folder, file), 'latin1'))
  expect(files.join('')).not.toContain(key.slice(-43))
  expect(await (await ann.fetch('GET', '/api/audit/export')).text()).not.toContain(key.slice(-43))
})

test('a check says what the runtime is and what the key is good for', async () => {
  const { runtime: runtimeId } = await runtime.asyncv.releases.state()
  expect(await check()).toEqual({
    reachable: true,
    version: expect.stringMatching(/^\d+\.\d+/),
    runtimeId,
    trusted: false,
    scopes: ['read', 'operate', 'configure'],
    problem: null,
  })
  expect((await ann.ask('GET', `/api/runtimes/${id}`)).body).toMatchObject({ runtimeId, problem: null })
})

test('what a check found out at one address is not told of another', async () => {
  let heard = (): void => {}
  let answer = (): void => {}
  const asked = new Promise<void>((resolve) => (heard = resolve))
  const changed = new Promise<void>((resolve) => (answer = resolve))
  const before = createServer(async (_, response) => {
    heard()
    await changed
    response.end('{"version":"0.0.1","runtimeId":"the one before","runtime":"the one before"}')
  })
  await new Promise<void>((resolve) => before.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(before.address() as AddressInfo).port}`
  await connected({ url, managementUrl: url }, async (other) => {
    const checking = check(other)
    await asked
    const { url: now, managementUrl } = runtime
    await ann.ask('PUT', `/api/runtimes/${other}`, { url: now, managementUrl, key })
    answer()
    expect(await checking).toMatchObject({ runtimeId: 'the one before' })
    expect((await ann.ask('GET', `/api/runtimes/${other}`)).body).toMatchObject({ runtimeId: null, checkedAt: null })
  })
  before.close()
})

test('what Studio says of itself is what the trust list takes, and the check sees it there', async () => {
  const { body: identity } = await ann.ask('GET', '/api/identity')
  const [, , , name = '', publicKey = ''] = identity.trustCommand.split(' ')
  expect(identity.trustCommand).toMatch(/^asyncv trust add studio-[0-9a-f]{4} [A-Za-z0-9+/]{43}=$/)
  const trusted = runtime.trust.add(name, publicKey, 1)
  expect(trusted.fingerprint).toBe(identity.fingerprint)
  expect(await check()).toMatchObject({ trusted: true })
  runtime.trust.remove(name)
})

test('a key that is not good for everything is named with what it lacks', async () => {
  await connected({ key: await runtime.key(['read']) }, async (other) => {
    expect(await check(other)).toMatchObject({
      reachable: true,
      scopes: ['read'],
      problem: { code: 'scope_missing', detail: expect.stringContaining('operate, configure') },
    })
  })
})

test('a key that the runtime does not know is told from a runtime that is away', async () => {
  await connected({ key: `avk_0123456789abcdef_${'x'.repeat(43)}` }, async (other) => {
    expect(await check(other)).toMatchObject({ reachable: false, problem: { code: 'runtime_refused' } })
  })
  await connected({ url: 'http://127.0.0.1:9' }, async (other) => {
    const { problem } = await check(other)
    expect(problem.detail).toBe('http://127.0.0.1:9 cannot be reached: nothing listens there.')
    expect(problem.hint).toContain('7400')
    expect((await ann.ask('GET', `/api/runtimes/${other}`)).body.problem).toBe(problem.detail)
  })
})

test('something else that answers is no runtime', async () => {
  const page = await openImpostor(200, { 'content-type': 'text/html' }, '<!doctype html>')
  await connected({ url: page.url }, async (other) => {
    expect(await check(other)).toMatchObject({ problem: { detail: expect.stringContaining('no asyncv runtime') } })
  })
  await page.close()
})

test('the key goes where it was meant to go, and follows no redirect', async () => {
  const thief = await openImpostor(200, {})
  const page = await openImpostor(302, { location: `${thief.url}/v1/sessions` })
  await connected({ url: page.url }, async (other) => {
    expect(await check(other)).toMatchObject({ problem: { detail: `${page.url} leads to another address.` } })
    const { body } = await ann.ask('GET', `/api/runtimes/${other}/v1/agents`)
    expect(body).toMatchObject({ status: 502, code: 'runtime_unreachable' })
  })
  expect(thief.asked).toEqual([])
  await Promise.all([page.close(), thief.close()])
})

test('another address takes the key again', async () => {
  const moved = await ann.ask('PUT', `/api/runtimes/${id}`, { url: 'http://127.0.0.1:9' })
  expect(moved.body).toMatchObject({ code: 'input_invalid', errors: [{ pointer: '/key' }] })
  expect((await ann.ask('PUT', `/api/runtimes/${id}`, { name: 'renamed' })).body).toMatchObject({ name: 'renamed' })
  await ann.ask('PUT', `/api/runtimes/${id}`, { name: 'here' })
})

test.each([
  ['of another kind', { url: 'ftp://127.0.0.1' }, '/url'],
  ['with a password', { url: 'http://ann:secret@127.0.0.1' }, '/url'],
  ['with a query', { managementUrl: 'http://127.0.0.1?key=x' }, '/managementUrl'],
  ['that is none', { url: '127.0.0.1:7400' }, '/url'],
  ['beside a key that is none', { key: 'secret' }, '/key'],
])('an address %s is refused at its place', async (_, change, pointer) => {
  const whole = { name: 'x', url: runtime.url, managementUrl: runtime.managementUrl, key }
  const { body } = await ann.ask('POST', '/api/runtimes', { ...whole, ...change })
  expect(body).toMatchObject({ code: 'input_invalid', errors: [{ pointer }] })
  expect(JSON.stringify(body)).not.toMatch(/secret@|:secret/)
})

test('a name is given once', async () => {
  const { url, managementUrl } = runtime
  const { body } = await ann.ask('POST', '/api/runtimes', { name: 'here', url, managementUrl, key })
  expect(body).toMatchObject({ status: 409, errors: [{ pointer: '/name' }] })
})

test('with another key of its own, Studio says so and does not start', async () => {
  const folder = (await openStudio()).folder
  const database = join(folder, 'other.db')
  const first = await createStudio({ database, key: '11'.repeat(32) })
  await first.close()
  await expect(createStudio({ database, key: '22'.repeat(32) })).rejects.toMatchObject({
    code: 'config_invalid',
    hint: expect.stringContaining('ASYNCV_STUDIO_KEY'),
  })
  const again = await createStudio({ database, key: '11'.repeat(32) })
  await again.close()
})
