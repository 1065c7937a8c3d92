import { readOwner } from '@asyncv/migrations'
import { once } from 'node:events'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

let place: Place
beforeEach(() => (place = commandPlace()))
afterEach(() => place.remove())

const operatorFile = (): string => join(place.folder, '.asyncv/operator.key')
const send = (url: string, key?: string): Promise<Response> =>
  fetch(`${url}/v1/agents/assistant/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ text: 'What is 6 * 7?' }),
  })

test('makes keys in the database while nothing runs, and the service then wants one', async () => {
  const made = place.run(['keys', 'create', 'reports', '--space', 'sales', '--expires', '30d'])
  expect(made).toMatchObject({ status: 0, stdout: expect.stringMatching(/^avk_[0-9a-f]{20}_[\w-]{43}\n$/) })
  expect(made.stderr).toContain('invoke, read in sales')
  const key = made.stdout.trim()
  const { url, stdout } = await place.start()
  expect(stdout()).toContain('-H "authorization: Bearer $ASYNCV_KEY"')
  expect((await send(url)).status).toBe(401)
  expect((await send(url, key)).status).toBe(200)
})

test('makes, lists and revokes keys beside a service, by its operator key', async () => {
  const { child, url } = await place.start()
  expect(statSync(operatorFile()).mode & 0o777).toBe(0o600)
  const { id, key } = JSON.parse(place.run(['keys', 'create', 'reports', '--json']).stdout) as Record<string, string>
  expect((await send(url, key)).status).toBe(200)
  expect(place.run(['keys', 'list']).stdout).toMatch(
    /^ID +NAME +STATE.*\n\w+ +reports +good +never +invoke, read in default\n$/,
  )
  expect(place.run(['keys', 'revoke', id ?? ''])).toMatchObject({
    status: 0,
    stdout: `Key ${id} (reports) is revoked.\n`,
  })
  expect((await send(url, key)).status).toBe(401)
  expect(JSON.parse(place.run(['keys', 'list', '--json']).stdout)).toMatchObject([
    { id, revokedAt: expect.any(Number) },
  ])
  const unknown = { status: 2, stderr: expect.stringContaining('nobody') }
  expect(place.run(['keys', 'revoke', 'nobody'])).toMatchObject(unknown)
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(place.run(['keys', 'revoke', 'nobody'])).toMatchObject(unknown)
})

test('a key for every space is shown as such, and opens management in its own name', async () => {
  await place.start()
  const made = place.run(['keys', 'create', 'studio', '--scopes', 'read,operate,configure', '--space', '*'])
  expect(made).toMatchObject({ status: 0, stderr: expect.stringContaining('read, operate, configure in *') })
  expect(place.run(['keys', 'list']).stdout).toMatch(/studio +good +never +read, operate, configure in \*\n$/)
  const { management } = (await readOwner(join(place.folder, '.asyncv/asyncv.db'))) ?? {}
  const answer = await fetch(`${management}/admin/v1/keys`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${made.stdout.trim()}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'made by studio', scopes: ['read'] }),
  })
  expect(answer.status).toBe(201)
  expect(place.run(['audit', 'list', '--action', 'key.created']).stdout).toMatch(/key:[0-9a-f]{20}.*studio/)
})

test('chat and status go on working on this host once there are keys', async () => {
  await place.start()
  place.run(['keys', 'create', 'reports'])
  expect(place.run(['chat'], { input: 'What is 6 * 7?\n' })).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('42'),
  })
  expect(place.run(['status']).stdout).toContain('accepted             1')
})

test('the operator key goes to the service it belongs to, and to no other', async () => {
  const { url } = await place.start()
  place.run(['keys', 'create', 'reports'])
  const elsewhere = place.run(['chat', '--url', url], { input: 'hi\n' })
  expect(elsewhere).toMatchObject({ status: 1, stderr: expect.stringContaining('wants a key') })
  const key = readFileSync(operatorFile(), 'utf8').trim()
  expect(place.run(['chat', '--url', url, '--key', key], { input: 'What is 6 * 7?\n' }).stdout).toContain('42')
})

test('listens to other machines only when there are keys', async () => {
  expect(place.run(['start', '--host', '0.0.0.0', '--port', '0'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('asyncv keys create'),
  })
  place.run(['keys', 'create', 'reports'])
  const { stdout } = await place.start(['--host', '0.0.0.0'])
  expect(stdout()).toContain('http://0.0.0.0:')
})

test.each([
  [[], 'create, list, revoke'],
  [['create'], 'needs a name'],
  [['list', 'x'], 'takes no "x"'],
  [['lst'], 'list'],
  [['revoke'], 'needs an id'],
  [['create', 'a', '--expires', 'soon'], '30d'],
  [['create', 'a', '--expires', '0d'], '30d'],
  [['create', 'a', '--scopes', 'admin'], 'invoke, read, operate, configure'],
])('keys %j is refused with the way out', (words, wayOut) => {
  expect(place.run(['keys', ...words])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining(wayOut),
  })
})

test('--json is JSON and nothing else, and that there are none is talk', () => {
  place.run(['secrets', 'set', 'ANY'], { input: 'a value' })
  expect(place.run(['keys', 'list'])).toMatchObject({
    status: 0,
    stdout: '',
    stderr: expect.stringContaining('no keys'),
  })
  const { id } = JSON.parse(place.run(['keys', 'create', 'a', '--json']).stdout) as { id: string }
  expect(JSON.parse(place.run(['keys', 'revoke', id, '--json']).stdout)).toMatchObject({
    id,
    revokedAt: expect.any(Number),
  })
})

test('commands that come at the same time wait for each other', async () => {
  const names = ['a', 'b', 'c', 'd']
  const made = await Promise.all(
    names.map(async (name) => {
      const child = place.spawn(['keys', 'create', name])
      const [status] = (await once(child, 'exit')) as [number]
      return status
    }),
  )
  expect(made).toEqual([0, 0, 0, 0])
}, 60_000)

test.each([
  ['keys', 'create', 'a'],
  ['secrets', 'set', 'K'],
])('nothing is done in a database in memory, where it would not stay: %s %s', (...words) => {
  const { status, stdout, stderr } = place.run(words, { env: { ASYNCV_STORAGE: 'sqlite::memory:' }, input: 'value-1' })
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringContaining('in memory') })
})

test('an operator key that cannot be right is said', async () => {
  await place.start()
  chmodSync(operatorFile(), 0o600)
  writeFileSync(operatorFile(), 'oops\n')
  expect(place.run(['keys', 'list'])).toMatchObject({ status: 2, stderr: expect.stringContaining('operator.key') })
})
