import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { migrate, openSqlite, runtimeSet } from '@asyncv/migrations'
import { fakeTelegram } from '@asyncv/telegram/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { freePort } from '../../../test/free-port.fixture.ts'
import { commandPlace, type Place, type Ran } from '../command.fixture.ts'
import { node } from '../doctor/program.ts'

// Each start of the command takes a second or more on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

let place: Place
beforeEach(() => (place = commandPlace()))
afterEach(() => place.remove())

interface Found {
  code: string
  level: string
  text: string
  fix: string | null
  done: string | null
}

const database = (): string => join(place.folder, '.asyncv/asyncv.db')
/** Ports that nobody else's test uses. */
const apart = { server: { port: 0 }, agents: [{ name: 'helper', model: 'offline/demo' }] }

function findings({ stdout }: Ran): Map<string, Found> {
  const { findings: all } = JSON.parse(stdout) as { findings: Found[] }
  return new Map(all.map((found) => [found.code, found]))
}

const examine = (...more: string[]): Map<string, Found> => findings(place.run(['doctor', '--json', ...more]))

/** Beside servers of the test, which would stand still while it waits for a command. */
async function examineBeside(...more: string[]): Promise<Map<string, Found>> {
  return findings(await place.call(['doctor', '--json', ...more]))
}

async function makeDatabase(version?: number): Promise<void> {
  const connection = await openSqlite(database())
  migrate(connection, runtimeSet, version === undefined ? {} : { to: version })
  connection.close()
}

test('in an empty folder all is well, and nothing is written', () => {
  place.write('asyncv.config.json', apart)
  const { status, stdout } = place.run(['doctor'])
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/All is well\.\n$/) })
  expect(stdout).not.toContain('\u001b')
  expect(readdirSync(place.folder)).toEqual(['asyncv.config.json'])
})

test('an old Node is told of', () => {
  expect([node('20.18.3').code, node('18.20.0').code, node('20.19.0').code, node('24.1.0').code]).toEqual([
    'node.old',
    'node.old',
    'node',
    'node',
  ])
})

test('of a broken configuration it says what is wrong, and looks at the rest', () => {
  place.write('asyncv.config.json', { agents: [{ name: 'helper', modell: 'offline/demo' }] })
  place.write('.env', 'X=1')
  chmodSync(join(place.folder, '.env'), 0o644)
  const { status, stdout } = place.run(['doctor', '--json'])
  const found = findings({ status, stdout, stderr: '' })
  expect(status).toBe(1)
  expect(found.get('config.invalid')?.text).toMatch(/modell: unknown key. Did you mean "model"/)
  expect([...found.keys()]).toEqual(expect.arrayContaining(['node', 'sqlite', 'disk', 'file.mode']))
})

test.each([
  ['text that is no JSON', '{ "agents": [', /stops being JSON at line 1, column 14/],
  ['a storage that there is not', { ...apart, storage: 'mysql://x' }, /storage/],
])('%s keeps nothing else from being looked at', (_, content, text) => {
  place.write('asyncv.config.json', content)
  const found = examine()
  expect(found.get('config.invalid')?.text).toMatch(text)
  expect(found.get('disk')).toBeDefined()
})

test('--fix closes files to others, adds lines to .gitignore, and removes what a dead service left', async () => {
  place.write('asyncv.config.json', apart)
  await makeDatabase()
  mkdirSync(join(place.folder, '.git'))
  place.write('.env', 'X=1')
  place.write('.gitignore', 'node_modules/')
  for (const file of ['.env', '.asyncv/asyncv.db']) chmodSync(join(place.folder, file), 0o644)
  writeFileSync(`${database()}.owner.json`, '{"pid":999999999}')
  writeFileSync(`${database()}.restoring`, 'half')
  const before = examine()
  for (const code of ['file.mode', 'gitignore.missing', 'owner.stale', 'restore.left']) {
    expect(before.get(code)?.done, code).toBeNull()
  }
  const { status, stdout } = place.run(['doctor', '--fix', '--json'])
  expect(status).toBe(0)
  expect(findings({ status, stdout, stderr: '' }).get('owner.stale')?.done).toMatch(/is removed/)
  expect(statSync(join(place.folder, '.env')).mode & 0o777).toBe(0o600)
  expect(statSync(database()).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(place.folder, '.gitignore'), 'utf8')).toBe('node_modules/\n.env\n.asyncv/\n')
  expect(existsSync(`${database()}.owner.json`) || existsSync(`${database()}.restoring`)).toBe(false)
  expect(place.run(['doctor']).status).toBe(0)
})

test.each<[string, object, string, string]>([
  [
    'beside the configuration',
    { storage: 'sqlite:./asyncv.db' },
    '.env\n',
    'asyncv.db*\nasyncv.log*\nvault.key\noperator.key\ntrust.json\npublisher.key\npublisher.json\nknown-runtimes.json\n',
  ],
  ['in a folder of its own', { storage: 'sqlite:./var/data/bot.db' }, '.env\n.asyncv/\n', 'var/data/\n'],
])('a database %s is not said to be ignored by Git, and --fix has it ignored', async (_, storage, before, added) => {
  place.write('asyncv.config.json', { ...apart, ...storage })
  mkdirSync(join(place.folder, '.git'))
  place.write('.gitignore', before)
  expect(examine().get('gitignore.missing')).toMatchObject({ level: 'warning', done: null })
  examine('--fix')
  expect(readFileSync(join(place.folder, '.gitignore'), 'utf8')).toBe(before + added)
  expect(examine().get('gitignore')).toMatchObject({ level: 'ok' })
})

test('a folder above the one of the database that is ignored is enough', () => {
  place.write('asyncv.config.json', { ...apart, storage: 'sqlite:./var/data/bot.db' })
  mkdirSync(join(place.folder, '.git'))
  place.write('.gitignore', '.env\n/var\n')
  expect(examine().get('gitignore')).toMatchObject({ level: 'ok' })
})

test('what ignores the data may stand in the folder of the database, and says nothing of what lies elsewhere', () => {
  const config = JSON.stringify({ ...apart, storage: 'sqlite:../data/bot.db' })
  for (const folder of ['.git', 'bot', 'data']) mkdirSync(join(place.folder, folder))
  place.write('bot/asyncv.config.json', config)
  place.write('bot/.gitignore', '.env\n')
  const look = () =>
    findings(place.run(['doctor', '--json'], { env: { ASYNCV_CONFIG: join(place.folder, 'bot/asyncv.config.json') } }))
  expect(look().get('gitignore.missing')?.text).toMatch(/^(?!.*\.env).*data\//)
  place.write('data/.gitignore', '*\n')
  expect(look().get('gitignore')).toMatchObject({ level: 'ok' })
  place.write('bot/.gitignore', '')
  place.write('data/.gitignore', '*\n.env\n')
  expect(look().get('gitignore.missing')?.text).toContain('.env')
})

test('a master key that others may read is told of, and closed by --fix alone', () => {
  place.write('asyncv.config.json', apart)
  place.run(['secrets', 'set', 'TOKEN'], { input: 'a value' })
  const key = join(place.folder, '.asyncv/vault.key')
  chmodSync(key, 0o644)
  expect(examine().get('file.mode')?.text).toContain('vault.key')
  expect(statSync(key).mode & 0o777).toBe(0o644)
  expect(examine('--fix').get('file.mode')?.done).toMatch(/alone now/)
  expect(statSync(key).mode & 0o777).toBe(0o600)
})

test.each([
  ['operator.key', 'key.unusable'],
  ['publisher.key', 'key.unusable'],
  ['publisher.json', 'key.unusable'],
  ['known-runtimes.json', 'key.unusable'],
  ['trust.json', 'trust.unusable'],
])('a %s that is none is not well', (name, code) => {
  place.write('asyncv.config.json', apart)
  place.run(['trust', 'add', 'studio', Buffer.alloc(32, 7).toString('base64')])
  expect(place.run(['doctor']).status).toBe(0)
  writeFileSync(join(place.folder, '.asyncv', name), 'oops', { mode: 0o600 })
  const found = examine().get(code)
  expect(found).toMatchObject({ level: 'error', text: expect.stringContaining(name) })
  expect(found?.text).not.toContain('..')
  expect(place.run(['doctor']).status).toBe(1)
})

test('a trust list in a folder that others can write to is told of', () => {
  place.write('asyncv.config.json', apart)
  place.run(['trust', 'add', 'studio', Buffer.alloc(32, 7).toString('base64')])
  chmodSync(join(place.folder, '.asyncv'), 0o777)
  expect(examine().get('trust.unusable')?.fix).toContain('chmod go-w')
})

test('--fix takes no right away from a trust list that others could write, and says who is in it', () => {
  place.write('asyncv.config.json', apart)
  expect(place.run(['trust', 'add', 'stranger', Buffer.alloc(32, 7).toString('base64')]).status).toBe(0)
  const list = join(place.folder, '.asyncv/trust.json')
  chmodSync(list, 0o666)
  const found = examine('--fix').get('trust.writable')
  expect(found).toMatchObject({ level: 'error', done: null, text: expect.stringMatching(/command.*stranger/) })
  expect(found?.fix).toContain('asyncv trust remove')
  expect(statSync(list).mode & 0o777).toBe(0o666)
})

test('--fix applies migrations when nothing runs, and without it nothing is applied', async () => {
  place.write('asyncv.config.json', apart)
  await makeDatabase(4)
  expect(examine().get('database.pending')?.text).toMatch(/5-audit/)
  expect(JSON.parse(place.run(['db', 'status', '--json']).stdout)).toMatchObject({ version: 4 })
  expect(examine('--fix').get('database.pending')?.done).toMatch(/5-audit/)
  expect(JSON.parse(place.run(['db', 'status', '--json']).stdout)).toMatchObject({ pending: [] })
})

test('--fix removes no database of before, and no log', async () => {
  place.write('asyncv.config.json', apart)
  await makeDatabase()
  const kept = `${database()}.before-20200101T000000Z`
  const log = join(place.folder, '.asyncv/asyncv.log')
  writeFileSync(kept, 'old')
  writeFileSync(log, 'old')
  utimesSync(log, 1, 1)
  const found = examine('--fix')
  expect([found.get('restore.kept')?.level, found.get('logs.old')?.level]).toEqual(['note', 'note'])
  expect([existsSync(kept), existsSync(log)]).toEqual([true, true])
})

test('beside a service it knows its ports, and that nothing is stale', async () => {
  place.write('asyncv.config.json', { agents: apart.agents })
  const { url } = await place.start()
  const { port } = new URL(url)
  const found = findings(place.run(['doctor', '--json'], { env: { ASYNCV_PORT: port } }))
  expect(found.get('port.own')?.text).toContain(port)
  expect(found.get('database')?.text).toMatch(/process \d+/)
  expect([found.has('owner.stale'), found.has('port.taken')]).toEqual([false, false])
})

test('a port that another program has is told of', async () => {
  place.write('asyncv.config.json', apart)
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const found = findings(
    place.run(['doctor', '--json'], { env: { ASYNCV_PORT: String(port), ASYNCV_MANAGEMENT_PORT: '0' } }),
  )
  other.close()
  expect(found.get('port.taken')).toMatchObject({ level: 'error', fix: expect.stringContaining(String(port)) })
})

test.each([
  ['database.unreadable', 'a file that is none', (file: string) => writeFileSync(file, 'no database'.repeat(999))],
  [
    'database.newer',
    'one of a newer version',
    async (file: string) => {
      const connection = await openSqlite(file)
      connection.exec('update schema_version set version = 999')
      connection.close()
    },
  ],
])('%s: %s', async (code, _, spoil) => {
  place.write('asyncv.config.json', apart)
  await makeDatabase()
  await spoil(database())
  expect(examine().get(code)?.level).toBe('error')
})

test('every key and token is tried for real, and none is shown', async () => {
  const tg = await fakeTelegram()
  const model = createHttpServer((_, response) =>
    response.writeHead(401, { 'content-type': 'application/json' }).end('{}'),
  )
  await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve))
  const { port } = model.address() as AddressInfo
  place.write('.env', `TOKEN=${tg.token}\nMODEL_KEY=sk-canary-12345678\n`)
  chmodSync(join(place.folder, '.env'), 0o600)
  place.write('asyncv.config.json', {
    server: { port: 0 },
    agents: [{ name: 'helper', model: 'main/some' }],
    providers: {
      main: { type: 'openai', options: { baseURL: `http://127.0.0.1:${port}/v1`, apiKey: { $secret: 'MODEL_KEY' } } },
    },
    connectors: {
      tg: { type: 'telegram', options: { token: { $secret: 'TOKEN' }, apiRoot: tg.url, allow: 'everyone' } },
    },
    routes: [{ connector: 'tg', agent: 'helper' }],
  })
  try {
    const found = await examineBeside()
    expect(found.get('connector')).toMatchObject({ level: 'ok', text: expect.stringMatching(/Connector tg answers/) })
    expect(found.get('provider.failed')).toMatchObject({ level: 'error', text: expect.stringMatching(/main/) })
    expect(found.get('clock')?.level).toBe('ok')
    expect(JSON.stringify([...found])).not.toMatch(/canary|fake-token/)
    tg.revoke()
    expect((await examineBeside()).get('connector.failed')?.fix).toMatch(/BotFather/)
  } finally {
    model.close()
    await tg.close()
  }
})

test('a clock that is wrong is told of, and which way', async () => {
  const late = createHttpServer((_, response) => {
    response.setHeader('date', new Date(Date.now() - 3_600_000).toUTCString())
    response.end('{"data":[{"id":"some"}]}')
  })
  await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve))
  const { port } = late.address() as AddressInfo
  place.write('asyncv.config.json', {
    server: { port: 0 },
    agents: [{ name: 'helper', model: 'main/some' }],
    providers: { main: { type: 'openai', options: { baseURL: `http://127.0.0.1:${port}/v1`, apiKey: 'x' } } },
  })
  const found = await examineBeside()
  late.close()
  expect(found.get('clock.drift')?.text).toMatch(/3[56]\d\d s ahead/)
})

test('secrets whose master key is gone are told of, and no key is made', () => {
  place.run(['secrets', 'set', 'TOKEN'], { input: 'abc' })
  rmSync(join(place.folder, '.asyncv/vault.key'))
  place.write('asyncv.config.json', apart)
  expect(examine().get('secret.keyless')?.text).toMatch(/1 secret/)
  expect(existsSync(join(place.folder, '.asyncv/vault.key'))).toBe(false)
  expect(
    findings(place.run(['doctor', '--json'], { env: { ASYNCV_MASTER_KEY: '0'.repeat(64) } })).get('secret.unreadable')
      ?.text,
  ).toMatch(/TOKEN/)
})

test('a webhook that nothing answers at is told of while the service runs', async () => {
  const tg = await fakeTelegram()
  const port = await freePort()
  const webhook = (name: string) => ({ url: `http://127.0.0.1:${port}/connectors/${name}`, secretToken: 'secret' })
  const configure = (name: string): void =>
    void place.write('asyncv.config.json', {
      agents: apart.agents,
      connectors: {
        tg: {
          type: 'telegram',
          options: { token: tg.token, apiRoot: tg.url, allow: 'everyone', webhook: webhook(name) },
        },
      },
      routes: [{ connector: 'tg', agent: 'helper' }],
    })
  try {
    configure('tg')
    await place.start(['--management-port', '0'])
    expect((await examineBeside()).get('webhook.unreachable')?.text).toMatch(/ECONNREFUSED/)
    configure('other')
    expect((await examineBeside()).get('webhook.path')?.fix).toContain('/connectors/tg')
  } finally {
    await tg.close()
  }
})

test('a service that repeats a key in what it says does not get it shown', () => {
  place.write(
    'leaky.ts',
    `import { definePlugin, defineProvider, reveal, secretText } from 'asyncv'
     import { z } from 'zod'
     const leaky = defineProvider({
       type: 'leaky',
       origin: 'http://127.0.0.1:1',
       options: z.strictObject({ key: secretText(/.+/, 'a key') }),
       create: ({ key }) => ({
         async *stream() {},
         test: async () => ({ ok: false, problem: 'no such key: ' + reveal(key, 'http://127.0.0.1:1') }),
       }),
     })
     export default definePlugin({ name: 'leaky', providers: [leaky] })`,
  )
  place.write('asyncv.config.json', {
    ...apart,
    plugins: ['./leaky.ts'],
    providers: { main: { type: 'leaky', options: { key: { $secret: 'LEAKY_KEY' } } } },
  })
  const ran = place.run(['doctor', '--json'], { env: { LEAKY_KEY: 'canary-0123456789' } })
  expect(findings(ran).get('provider.failed')?.text).toMatch(/no such key/)
  expect(ran.stdout).not.toContain('canary')
})
