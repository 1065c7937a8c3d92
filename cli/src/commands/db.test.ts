import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate, openSqlite, runtimeSet } from '@asyncv/migrations'
import { type FakeTelegram, fakeTelegram } from '@asyncv/telegram/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { commandPlace, type Place } from '../command.fixture.ts'

// Each start of the command takes a second or more on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

let place: Place
let other: Place
beforeEach(() => {
  place = commandPlace()
  other = commandPlace()
})
afterEach(() => {
  place.remove()
  other.remove()
})

const file = (of = place): string => join(of.folder, '.asyncv/asyncv.db')

async function makeDatabase(version?: number): Promise<void> {
  const connection = await openSqlite(file())
  migrate(connection, runtimeSet, version === undefined ? {} : { to: version })
  connection.close()
}

async function change(statement: string): Promise<void> {
  const connection = await openSqlite(file())
  connection.exec(statement)
  connection.close()
}

test('migrates a database, and says what it did', async () => {
  await makeDatabase(4)
  expect(JSON.parse(place.run(['db', 'status', '--json']).stdout)).toMatchObject({
    version: 4,
    pending: expect.arrayContaining(['5-audit', '6-secrets']),
  })
  const { status, stdout } = place.run(['db', 'migrate', '--json'])
  expect({ status, ...JSON.parse(stdout) }).toMatchObject({
    status: 0,
    from: 4,
    to: runtimeSet.migrations.length,
    applied: expect.arrayContaining(['5-audit']),
  })
  expect(place.run(['db', 'migrate']).stdout).toMatch(/already/)
})

test('beside a service, status and check read, and migrate and restore are refused', async () => {
  await place.start()
  const backup = join(place.folder, 'b')
  expect(place.run(['db', 'backup', backup]).status).toBe(0)
  expect(JSON.parse(place.run(['db', 'status', '--json']).stdout)).toMatchObject({
    pending: [],
    owner: { pid: expect.any(Number) },
  })
  expect(place.run(['db', 'check']).stdout).toMatch(/is whole/)
  for (const args of [
    ['db', 'migrate'],
    // Before it is asked whether it is wanted.
    ['db', 'restore', backup],
  ]) {
    expect(place.run(args)).toMatchObject({ status: 2, stderr: expect.stringMatching(/in use by process \d+/) })
  }
})

test('check ends with 1 when something is wrong, and says what', async () => {
  await makeDatabase()
  expect(JSON.parse(place.run(['db', 'check', '--json']).stdout)).toMatchObject({ whole: true })
  await change(`insert into message values ('m', 'gone', 1, null, '[]', null, 1)`)
  const { status, stdout } = place.run(['db', 'check'])
  expect({ status, stdout }).toEqual({
    status: 1,
    stdout: expect.stringMatching(/✗ rows that name others\n +1 rows of message/),
  })
})

test('a backup replaces nothing unless it is told to', async () => {
  await makeDatabase()
  const backup = place.write('b', 'mine')
  expect(place.run(['db', 'backup', backup])).toMatchObject({ status: 2, stderr: expect.stringMatching(/--yes/) })
  expect(statSync(backup).size).toBe(4)
  expect(place.run(['db', 'backup', backup, '--yes']).status).toBe(0)
  expect(place.run(['db', 'restore', backup])).toMatchObject({ status: 2, stderr: expect.stringMatching(/--yes/) })
})

test('a backup takes the place of no key, whatever may be replaced', () => {
  place.run(['secrets', 'set', 'TOKEN'], { input: 'abc' })
  const key = join(place.folder, '.asyncv/vault.key')
  const content = readFileSync(key, 'utf8')
  for (const target of ['.asyncv/vault.key', 'linked.key']) {
    if (target !== '.asyncv/vault.key') symlinkSync(key, join(place.folder, target))
    expect(place.run(['db', 'backup', target, '--yes'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/holds keys.*\n.*Name a file of its own/),
    })
  }
  expect(readFileSync(key, 'utf8')).toBe(content)
})

test('it says which keys have to be brought along, and takes them when it is told to', () => {
  place.run(['secrets', 'set', 'TOKEN'], { input: 'abc' })
  const { stderr } = place.run(['db', 'backup', 'b'])
  expect(stderr).toMatch(/1 secret is sealed with the master key \(.*vault\.key/)
  const restored = other.run(['db', 'restore', join(place.folder, 'b')])
  expect(restored).toMatchObject({ status: 0, stderr: expect.stringMatching(/1 secret wants the master key/) })
  const withKeys = place.run(['db', 'backup', 'k', '--with-keys', '--json'])
  expect(JSON.parse(withKeys.stdout)).toMatchObject({ keys: ['vault.key'] })
  other.run(['db', 'restore', join(place.folder, 'k'), '--yes'])
  expect(statSync(join(other.folder, '.asyncv/vault.key')).mode & 0o777).toBe(0o600)
  expect(JSON.parse(other.run(['secrets', 'list', '--json']).stdout)).toMatchObject([
    { name: 'TOKEN', fingerprint: expect.any(String) },
  ])
})

test.each([
  ['status', []],
  ['check', []],
  ['migrate', []],
  ['backup', ['b']],
] as const)(
  'db %s: no database, no database at all, and one of a newer version are refused with 2',
  async (action, args) => {
    expect(place.run(['db', action, ...args])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/There is no database/),
    })
    await makeDatabase()
    await change('update schema_version set version = 999')
    expect(place.run(['db', action, ...args])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/version 999/),
    })
    mkdirSync(join(place.folder, 'x'))
    writeFileSync(join(place.folder, 'x/asyncv.db'), 'no database'.repeat(999))
    const env = { ASYNCV_HOME: join(place.folder, 'x') }
    expect(place.run(['db', action, ...args], { env })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/not a database/),
    })
    expect(existsSync(join(place.folder, 'b'))).toBe(false)
  },
)

test('a database in memory has nothing to look after', () => {
  const { status, stderr } = place.run(['db', 'check'], { env: { ASYNCV_STORAGE: 'sqlite::memory:' } })
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/in memory/) })
})

/** Sends without waiting for answers, until it is stopped; gives the ids of what was acknowledged. */
function load(url: string): { acknowledged: string[]; stop(): Promise<void> } {
  const acknowledged: string[] = []
  let isOver = false
  const loop = async (session: string): Promise<void> => {
    while (!isOver) {
      const response = await fetch(`${url}/v1/agents/helper/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', prefer: 'respond-async' },
        body: JSON.stringify({ session, text: 'hi' }),
      }).catch(() => null)
      if (response?.status !== 202) return
      acknowledged.push(((await response.json()) as { message: string }).message)
    }
  }
  const loops = [1, 2, 3, 4].map((n) => loop(`s${n}`))
  return {
    acknowledged,
    async stop() {
      isOver = true
      await Promise.all(loops)
    },
  }
}

/** The state of the task that answers it; what came back where it is not known. */
async function stateOf(url: string, message: string): Promise<string> {
  const response = await fetch(`${url}/v1/messages/${message}/timeline`)
  const { tasks } = (await response.json()) as { tasks?: { state: string }[] }
  return tasks?.[0]?.state ?? `answered ${response.status}`
}

test('copied under load, killed, restored elsewhere: all that was acknowledged before is there, and no send is repeated', async () => {
  const tg: FakeTelegram = await fakeTelegram()
  try {
    for (const one of [place, other]) {
      one.write('asyncv.config.json', {
        agents: [{ name: 'helper', model: 'offline/demo' }],
        connectors: {
          tg: { type: 'telegram', options: { token: tg.token, apiRoot: tg.url, allow: 'everyone', streaming: false } },
        },
        routes: [{ connector: 'tg', agent: 'helper' }],
      })
    }
    const service = await place.start(['--management-port', '0'])
    // Under way when the backup is made; done by the time it is restored.
    tg.fault({ type: 'slow', ms: 8_000, method: 'sendMessage', chat: 7 })
    tg.say(7, 'hi')
    await vi.waitFor(() => expect(tg.calls('sendMessage')).toBe(1), 10_000)
    const { acknowledged, stop } = load(service.url)
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(50), 30_000)
    const before = [...acknowledged]
    const made = await place.call(['db', 'backup', 'b', '--json'])
    expect(made).toMatchObject({ status: 0 })
    expect(acknowledged.length).toBeGreaterThan(before.length)
    expect(JSON.parse(made.stdout)).toMatchObject({ running: true, openDeliveries: expect.any(Number) })
    service.child.kill('SIGKILL')
    await stop()
    await vi.waitFor(() => expect(tg.sends.filter(({ chat }) => chat === 7)).toHaveLength(1), 20_000)

    const restored = await other.call(['db', 'restore', join(place.folder, 'b')])
    expect(restored).toMatchObject({ status: 0, stderr: expect.stringMatching(/1 delivery was on the way/) })
    const { url } = await other.start(['--management-port', '0'])
    for (const message of before) {
      await vi.waitFor(async () => expect(await stateOf(url, message)).toBe('done'), 60_000)
    }
    const held = await other.call(['deliveries', 'list', '--state', 'held', '--json'])
    expect((JSON.parse(held.stdout) as { data: object[] }).data).toHaveLength(1)
    // It goes on: and what comes now is answered, behind nothing that blocks.
    tg.say(7, 'again')
    await vi.waitFor(() => expect(tg.sends.filter(({ chat }) => chat === 7)).toHaveLength(2), 20_000)
    expect((await other.call(['db', 'check'])).status).toBe(0)
  } finally {
    await tg.close()
  }
})

/** A file system of 100 kB; null where this user may not make one. */
function smallDisk(): string | null {
  const folder = join(other.folder, 'small')
  mkdirSync(folder)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=100k', 'tmpfs', folder])
  return status === 0 ? folder : null
}

test('where there is no room, nothing is left behind, and it is said', async (context) => {
  const folder = smallDisk()
  if (folder === null) return context.skip('this user may not mount a small file system')
  try {
    await makeDatabase()
    const { status, stderr } = place.run(['db', 'backup', join(folder, 'b')])
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/no room for the backup/) })
    expect(readdirSync(folder)).toEqual([])
    place.run(['db', 'backup', 'b'])
    const restored = place.run(['db', 'restore', 'b'], { env: { ASYNCV_HOME: folder } })
    expect(restored).toMatchObject({ status: 1, stderr: expect.stringMatching(/no room/i) })
    expect(existsSync(join(folder, 'asyncv.db'))).toBe(false)
  } finally {
    spawnSync('umount', [folder])
  }
})
