import { existsSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { openSqlite } from '@asyncv/migrations'
import { type AuditEntry, openKeys } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

// Each start of the command takes a second or more on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

let place: Place
beforeEach(() => (place = commandPlace()))
afterEach(() => place.remove())

const database = (): string => join(place.folder, '.asyncv/asyncv.db')

async function change(statement: string): Promise<void> {
  const connection = await openSqlite(database())
  connection.exec(statement)
  connection.close()
}

/** Without the command, which takes its time to start. */
async function keysMade(...names: string[]): Promise<string[]> {
  mkdirSync(dirname(database()), { recursive: true })
  const keys = await openKeys(sqlite(database()))
  const ids: string[] = []
  for (const name of names) ids.push((await keys.create({ name })).id)
  await keys.close()
  return ids
}

function madeKey(name: string): string {
  const { id } = JSON.parse(place.run(['keys', 'create', name, '--json']).stdout) as { id: string }
  return id
}

test('says what the command itself did in the database, and by which user', () => {
  const id = madeKey('reports')
  place.run(['keys', 'revoke', id])
  const { status, stdout, stderr } = place.run(['audit', 'list'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const { username } = userInfo()
  expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['N', 'AT', 'WHO', 'DID', 'TO'],
    ['2', expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/), `command (${username})`, 'key.revoked', id],
    ['1', expect.any(String), `command (${username})`, 'key.created', id],
    [''],
  ])
})

test('lists what was done before and by a service, by its operator key', async () => {
  const [first = ''] = await keysMade('reports')
  await place.start()
  const second = madeKey('sales')
  const listed = (JSON.parse(place.run(['audit', 'list', '--json']).stdout) as { data: AuditEntry[] }).data
  expect(listed.map(({ actor, target }) => [actor.id, target])).toEqual([
    ['operator', second],
    ['program', first],
  ])
  const narrowed = place.run(['audit', 'list', '--actor', 'operator', '--action', 'key.created', '--json'])
  expect(JSON.parse(narrowed.stdout)).toEqual({ data: [listed[0]], nextCursor: null })
  const one = place.run(['audit', 'list', '--limit', '1'])
  expect(one.stdout.trim().split('\n')).toHaveLength(2)
  const [, cursor = ''] = /--cursor (\S+)/.exec(one.stderr) ?? []
  const rest = place.run(['audit', 'list', '--cursor', cursor, '--json'])
  expect(JSON.parse(rest.stdout)).toEqual({ data: [listed[1]], nextCursor: null })
})

test('verifies beside a service, and says which entry is broken and how', async () => {
  await keysMade('reports', 'sales')
  await place.start()
  const whole = place.run(['audit', 'verify', '--json'])
  expect(whole.status).toBe(0)
  expect(JSON.parse(whole.stdout)).toMatchObject({ whole: true, entries: 2, head: { n: 2 }, fault: null })
  await change(`update audit set action = 'key.revoked' where n = 2`)
  expect(place.run(['audit', 'verify'])).toMatchObject({
    status: 1,
    stdout: 'The audit log is broken (edited): Entry 2 is not what was written. Good are 1.\n',
  })
})

test('a head that was noted shows that the end was taken away', async () => {
  await keysMade('a', 'b', 'c')
  const { stdout, stderr } = place.run(['audit', 'verify'])
  expect(stdout).toMatch(/^The audit log is whole: 3 entries\.\nHead: 3:[0-9a-f]{64}\n$/)
  expect(stderr).toContain('--head')
  const head = stdout.trim().split(' ').at(-1) ?? ''
  expect(place.run(['audit', 'verify', '--head', head])).toMatchObject({ status: 0, stderr: '' })
  await change(`delete from audit where n > 1`)
  await change(`update audit_head set n = 1, hash = (select hash from audit where n = 1)`)
  expect(place.run(['audit', 'verify']).status).toBe(0)
  const cut = place.run(['audit', 'verify', '--head', head, '--json'])
  expect(cut.status).toBe(1)
  expect(JSON.parse(cut.stdout)).toMatchObject({
    whole: false,
    entries: 1,
    fault: { kind: 'cut', n: 2, detail: 'Entries 2 to 3 are gone from the end.' },
  })
})

test('what somebody wrote into the table does nothing to the terminal', async () => {
  await keysMade('reports')
  await change(`update audit set actor_name = 'ann' || char(27) || '[2J', at = 9007199254740991`)
  expect(place.run(['audit', 'list']).stdout).toContain('9007199254740991  program (ann)  key.created')
})

test('no database is said, and none is made', () => {
  expect(place.run(['audit', 'verify'])).toMatchObject({ status: 1, stderr: expect.stringContaining('no database') })
  expect(existsSync(database())).toBe(false)
})

test.each([
  [[], 'list, verify'],
  [['lst'], 'Did you mean "list"'],
  [['list', '--limit', '0'], '1 to 500'],
  [['list', '--head', '1:a'], 'has no option'],
  [['verify', '--actor', 'operator'], 'has no option'],
  [['verify', '--head', '1:a'], '64 hexadecimal digits'],
  [['list', '--action', 'key.made'], 'key.created'],
])('audit %j is refused with the way out', async (words, wayOut) => {
  await keysMade('reports')
  expect(place.run(['audit', ...words])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining(wayOut),
  })
})
