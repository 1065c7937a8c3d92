import { once } from 'node:events'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { readOwner } from '@asyncv/migrations'
import { type FakeModel, fakeModel } from '@asyncv/openai/testing'
import { type FakeTelegram, fakeTelegram } from '@asyncv/telegram/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { commandPlace, type Place, type Ran, type Running, type RunOptions } from '../command.fixture.ts'
import { runAtTerminal, type Step } from '../terminal.fixture.ts'

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 })

let model: FakeModel
let tg: FakeTelegram
beforeAll(async () => {
  model = await fakeModel({
    reply: ({ messages }) => ({ text: `told: ${String(messages.find(({ role }) => role === 'system')?.content)}` }),
  })
  tg = await fakeTelegram()
})
afterAll(async () => {
  await model.close()
  await tg.close()
})

const places: Place[] = []
let place: Place
beforeEach(() => {
  place = newPlace()
})
afterEach(() => {
  for (const one of places.splice(0)) one.remove()
})

function newPlace(): Place {
  const made = commandPlace()
  places.push(made)
  return made
}

interface Change {
  agent?: object
  top?: object
}

/** Written over lines, as people do. */
function configure(instructions: string, { agent = {}, top = {} }: Change = {}, at = place): void {
  const config = {
    providers: { main: { type: 'openai', options: { baseURL: model.url, apiKey: { $secret: 'MODEL_KEY' } } } },
    connectors: {
      tg: { type: 'telegram', options: { token: { $secret: 'BOT' }, apiRoot: tg.url, allow: 'everyone' } },
    },
    agents: [{ name: 'helper', model: 'main/m', instructions, ...agent }],
    routes: [{ connector: 'tg', agent: 'helper' }],
    ...top,
  }
  at.write('asyncv.config.json', JSON.stringify(config, null, 2))
  at.write('.env', `MODEL_KEY=sk-x\nBOT=${tg.token}\n`)
}

async function started(instructions = 'one'): Promise<Running> {
  configure(instructions)
  return place.start()
}

/** Not `place.run`, which holds this process, and with it the fake Telegram. */
const run = (args: string[], { at = place, ...options }: RunOptions & { at?: Place } = {}): Promise<Ran> =>
  at.call(args, options)

const deploy = (...args: string[]): Promise<Ran> => run(['deploy', '--yes', ...args])

let chat = 100
async function told(): Promise<string> {
  chat += 1
  tg.say(chat, 'hi')
  return (await tg.next(chat, ({ text }) => text.startsWith('told'), 20_000)).text
}

interface Listed {
  current: number
  data: { revision: number; publisher: string; forced: boolean }[]
}
const releases = async (at = place): Promise<Listed> =>
  JSON.parse((await run(['releases', 'list', '--json'], { at })).stdout) as Listed

test('instructions are changed, deployed, seen live in a chat, and rolled back', async () => {
  await started('Be brief.')
  expect(await told()).toBe('told: Be brief.')
  expect(await deploy()).toMatchObject({ status: 0, stdout: 'Nothing to do: revision 1 says the same.\n', stderr: '' })

  configure('Be kind.')
  const deployed = await deploy()
  expect(deployed).toMatchObject({ status: 0, stderr: '' })
  expect(deployed.stdout).toContain('In force is revision 1, by file')
  expect(deployed.stdout).toContain('~ agent helper\n    instructions  Be brief. → Be kind.\n')
  expect(deployed.stdout).toContain('Connectors:\n  stay connected  tg\n')
  expect(deployed.stdout).toMatch(/Revision 2 is in force\.\n$/)
  expect(await told()).toBe('told: Be kind.')

  const back = await run(['rollback', '1', '--yes'])
  expect(back.stdout).toContain('instructions  Be kind. → Be brief.')
  expect(back.stdout).toMatch(/Revision 3 is in force\.\n$/)
  expect(await told()).toBe('told: Be brief.')

  const listed = (await run(['releases', 'list'])).stdout
  expect(listed).toMatch(
    /^REVISION +APPLIED +PUBLISHER +CHANGES\n\* 3 .* command +~ agent helper \(instructions\)\n {2}2 .* command +~ agent.*\n {2}1 .* file +the first\n$/,
  )
  // What deploy takes, for another day.
  const { stdout } = await run(['releases', 'show', '2', '--json'])
  place.write('kept.json', stdout)
  expect((await deploy('kept.json')).stdout).toMatch(/Revision 4 is in force\.\n$/)
  expect(await told()).toBe('told: Be kind.')
})

test('with "-" the document on stdin is deployed, and not the file', async () => {
  await started('one')
  configure('from stdin')
  await deploy()
  const kept = (await run(['releases', 'show', '2', '--json'])).stdout
  configure('from the file')
  expect((await deploy()).stdout).toMatch(/Revision 3 is in force\.\n$/)
  const deployed = await run(['deploy', '-', '--yes'], { input: kept })
  expect(deployed).toMatchObject({ status: 0, stderr: '' })
  expect(deployed.stdout).toContain('instructions  from the file → from stdin')
  expect(await told()).toBe('told: from stdin')
  expect(await run(['deploy', '--yes', '-'], { input: '{' })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('stdin'),
  })
})

test('status says whether what the file says now is in force, deployed since the start or not', async () => {
  await started('one')
  const says = async (): Promise<boolean | null | undefined> => {
    const seen = JSON.parse((await run(['status', '--json'])).stdout) as {
      service: { release: { fileInForce: boolean | null } | null }
    }
    return seen.service.release?.fileInForce
  }
  configure('two')
  await deploy()
  expect(await says()).toBe(true)
  expect((await run(['status'])).stdout).not.toContain('configuration file says')
  configure('three')
  expect(await says()).toBe(false)
  place.write('asyncv.config.json', '{')
  expect((await run(['status'])).stdout).toContain('2, of command; what the configuration file says')
  configure('one')
  await run(['rollback', '1', '--yes'])
  expect(await says()).toBe(true)
})

test('--check and --diff change nothing, and tell by their exit code', async () => {
  await started('one')
  expect(await run(['deploy', '--diff'])).toMatchObject({ status: 0 })
  configure('two')
  expect(await run(['deploy', '--check'])).toMatchObject({ status: 0, stdout: 'The runtime would take it.\n' })
  expect(await run(['deploy', '--diff'])).toMatchObject({ status: 1, stdout: expect.stringContaining('one → two') })
  const { stdout, status } = await run(['deploy', '--diff', '--json'])
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    revision: 1,
    changes: [{ kind: 'agent', name: 'helper', change: 'changed', fields: [{ path: 'instructions' }] }],
    connectors: { kept: ['tg'] },
  })
  expect((await releases()).data).toHaveLength(1)
  const published = await deploy('--json')
  expect(JSON.parse(published.stdout)).toMatchObject({ revision: 2, published: true, changes: [{ name: 'helper' }] })
  expect(published.stderr).toBe('')
  expect(JSON.parse((await deploy('--json')).stdout)).toMatchObject({ revision: 2, published: false, changes: [] })
})

test('what is wrong is said at the line of the file: what the form forbids before anything is asked of a service', async () => {
  configure('one', { agent: { limits: { modelCalls: 0 }, intructions: 'x' } })
  const { status, stdout, stderr } = await deploy()
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  const lines = readFileSync(join(place.folder, 'asyncv.config.json'), 'utf8').split('\n')
  for (const [word, pointer] of [
    ['"modelCalls"', '/agents/0/limits/modelCalls'],
    ['"intructions"', '/agents/0/intructions'],
  ] as const) {
    const line = lines.findIndex((text) => text.includes(word)) + 1
    expect(stderr).toMatch(new RegExp(`asyncv\\.config\\.json:${line}  ${pointer}: `))
  }
})

test('what the runtime does not take is said at the field, and changes nothing', async () => {
  await started('one')
  configure('two', {
    agent: { model: 'mian/m', tools: ['tiem'] },
    top: { connectors: { tg: { type: 'telegram', options: { token: { $secret: 'NOWHERE' } } } } },
  })
  const { status, stdout, stderr } = await deploy()
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toContain('The runtime does not take it:')
  expect(stderr).toMatch(/asyncv\.config\.json:\d+ {2}\/agents\/0\/model\S*: .*Did you mean "main"\?/)
  expect(stderr).toMatch(/\/agents\/0\/tools\/0: .*Did you mean "time"\?/)
  expect(stderr).toMatch(/\/connectors\/tg\/options\/token: .*asyncv secrets set NOWHERE/)
  expect(await told()).toBe('told: one')
  expect((await releases()).data).toHaveLength(1)
})

test('code in a configuration is named, with what to write instead', async () => {
  place.write(
    'asyncv.config.ts',
    `import { defineConfig, defineTool, offline } from 'asyncv'
     export default defineConfig({
       providers: { mine: offline() },
       agents: [{ name: 'helper', model: 'mine/demo', instructions: () => 'x' }],
     })`,
  )
  const { status, stderr } = await deploy()
  expect(status).toBe(2)
  expect(stderr).toMatch(/asyncv\.config\.ts {2}\/agents\/0\/instructions: is a function.*as a text/)
  expect(stderr).toMatch(/\/providers\/mine: is a made provider\. Name it by its type/)
})

test('without --yes and a terminal nothing is published', async () => {
  await started('one')
  configure('two')
  expect(await run(['deploy'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--yes') })
  expect(await told()).toBe('told: one')
})

/** Every death, and not only the most telling ones: in `check:long`. What the service itself does at each is in test/crash. */
const full = process.env['ASYNCV_CRASH'] === 'full'

const deaths: [point: string, applied: boolean][] = [
  ['release.acknowledge', true],
  ...(full
    ? ([
        ['release.received', false],
        ['release.connected', false],
        ['storage.applyRelease:after', true],
      ] satisfies [string, boolean][])
    : []),
]

test.each(deaths)(
  'a service that dies at %s leaves all of it or nothing, and the deploy can be repeated',
  async (point, applied) => {
    configure('one')
    const crashing = {
      ASYNCV_TEST_HOOKS: '1',
      ASYNCV_CRASHPOINT: point === 'storage.applyRelease:after' ? `${point}@2` : point,
    }
    const { child } = await place.start([], { env: crashing })
    // The file's own release comes first.
    await expect.poll(async () => (await releases()).current, { timeout: 20_000 }).toBe(1)
    configure('two')
    const [lost] = await Promise.all([deploy(), once(child, 'exit')])
    expect(lost).toMatchObject({ status: 1, stderr: expect.stringContaining('all of it or nothing') })
    // As it was: a file whose release is in force counts with each start.
    configure('one')
    await place.start()
    expect(await told()).toBe(applied ? 'told: two' : 'told: one')
    configure('two')
    const again = await deploy()
    expect(again.stdout).toContain(applied ? 'Nothing to do: revision 2 says the same.' : 'Revision 2 is in force.')
    expect(await told()).toBe('told: two')
  },
)

test('a deploy that is killed at any moment leaves all of it or nothing, and can be repeated', async () => {
  await started('v0')
  for (const [n, delayMs] of (full ? [150, 300, 450, 600, 800] : [300, 600]).entries()) {
    configure(`v${n + 1}`)
    const child = place.spawn(['deploy', '--yes'])
    await Promise.race([sleep(delayMs), once(child, 'exit')])
    child.kill(n % 2 === 0 ? 'SIGKILL' : 'SIGINT')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    expect([`told: v${n}`, `told: v${n + 1}`]).toContain(await told())
    expect((await deploy()).status).toBe(0)
    expect(await told()).toBe(`told: v${n + 1}`)
  }
})

test('a publisher whose counter was lost is refused until it is forced, and counts on from there', async () => {
  await started('one')
  configure('two')
  await deploy()
  configure('three')
  await deploy()
  const counter = join(place.folder, '.asyncv/publisher.json')
  rmSync(counter)
  configure('four')
  const refused = await deploy()
  expect(refused).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/number 1, and had number 2 applied before[\s\S]*--force/),
  })
  expect(await told()).toBe('told: three')
  const forced = await deploy('--force')
  expect(forced).toMatchObject({ status: 0, stderr: expect.stringContaining('the audit log says so') })
  expect(await told()).toBe('told: four')
  expect((await run(['audit', 'list'])).stdout).toContain('release.forced')
  expect((await releases()).data[0]).toMatchObject({ revision: 4, forced: true })
  configure('five')
  const next = await deploy('--force')
  expect(next).toMatchObject({ status: 0, stderr: expect.stringContaining('nothing to force') })
  writeFileSync(counter, '{')
  configure('six')
  expect(await deploy()).toMatchObject({ status: 2, stderr: expect.stringContaining('publisher.json') })
})

/** The listeners of the service in the place, that of management as `url`, and its operator key, as somebody far away has them. */
async function reach(at = place): Promise<{ url: string; runtime: string; key: string }> {
  const owner = await readOwner(join(at.folder, '.asyncv/asyncv.db'))
  const key = readFileSync(join(at.folder, '.asyncv/operator.key'), 'utf8').trim()
  return { url: owner?.management ?? '', runtime: owner?.url ?? '', key }
}

test('another host publishes when it is trusted there by its own key, and each takes the place of the other', async () => {
  await started('one')
  const away = newPlace()
  configure('from away', {}, away)
  const { url } = await reach()
  const key = (await run(['keys', 'create', 'away', '--scopes', 'configure', '--space', '*'])).stdout.trim()
  const publish = (...args: string[]): Promise<Ran> =>
    run(['deploy', '--yes', '--url', url, ...args], { at: away, env: { ASYNCV_KEY: key } })
  const refused = await publish()
  expect(refused.status).toBe(1)
  const [, line = ''] = /On the host of the runtime, type: asyncv (trust add \S+ \S+)/.exec(refused.stderr) ?? []
  expect(line).toMatch(/^trust add command-.+ [A-Za-z0-9+/]{43}=$/)
  expect(await told()).toBe('told: one')
  expect((await run(line.split(' '))).status).toBe(0)
  expect((await publish()).stdout).toMatch(/Revision 2 is in force\.\n$/)
  expect(await told()).toBe('told: from away')
  configure('from here')
  expect((await deploy()).stdout).toMatch(
    /It takes the place of what command-\S+ published\.[\s\S]*Revision 3 is in force/,
  )
  expect(await told()).toBe('told: from here')
  expect((await releases()).data.map(({ publisher }) => publisher.replace(/-.*/, '-…'))).toEqual([
    'command',
    'command-…',
    'file',
  ])
  const wrong = await run(['deploy', '--url', url], { at: away, env: { ASYNCV_KEY: 'avk_operator_wrong' } })
  expect(wrong).toMatchObject({ status: 1, stderr: expect.not.stringContaining('avk_operator_wrong') })
  expect(await run(['deploy', '--url', url], { at: away })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('ASYNCV_KEY'),
  })
  // The runtime's own listener answers as well, and is not the one.
  expect(await run(['deploy', '--url', (await reach()).runtime], { at: away, env: { ASYNCV_KEY: key } })).toMatchObject(
    {
      status: 2,
      stderr: expect.stringContaining('This needs its management listener'),
    },
  )
})

test('a URL at which another runtime answers than before gets nothing signed', async () => {
  await started('one')
  const other = newPlace()
  configure('one', {}, other)
  await other.start()
  const away = newPlace()
  configure('from away', {}, away)
  let there = await reach()
  const tunnel = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    const body = await textOf(request)
    const passed = { Authorization: `Bearer ${there.key}`, 'Content-Type': 'application/json' }
    const answer = await fetch(there.url + url, { method, headers: passed, ...(body === '' ? {} : { body }) })
    response.writeHead(answer.status, { 'Content-Type': headers.accept ?? 'application/json' }).end(await answer.text())
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void tunnel.close())
  await once(tunnel, 'listening')
  const url = `http://127.0.0.1:${(tunnel.address() as AddressInfo).port}`
  const publish = (...args: string[]): Promise<Ran> =>
    run(['deploy', '--yes', '--url', url, ...args], { at: away, env: { ASYNCV_KEY: 'avk_any' } })
  const runtimeOf = async (at: Place): Promise<string> =>
    (JSON.parse((await run(['trust', 'show', '--json'], { at })).stdout) as { runtime: string }).runtime

  const first = await runtimeOf(place)
  expect((await publish()).stderr).toContain(`The first time at ${url}: runtime ${first}`)
  const file = join(away.folder, '.asyncv/known-runtimes.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ runtimes: { [url]: first } })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect((await publish()).stderr).not.toContain('The first time')

  there = await reach(other)
  for (const flags of [[], ['--check'], ['--force']]) {
    const refused = await publish(...flags)
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain(`it is ${await runtimeOf(other)}, and was ${first}.`)
    expect(refused.stderr).toContain(file)
  }
  expect((await run(['audit', 'list', '--action', 'release.refused', '--json'], { at: other })).stdout).not.toContain(
    'command-',
  )
  rmSync(file)
  expect((await publish()).stderr).toContain('The first time')
})

/** A line to the management listener on which something happens when a release is sent: before it arrives, or to its answer. */
async function lineThat(
  onSend: (send: () => Promise<void>, cut: () => void) => Promise<void>,
): Promise<Record<string, string>> {
  const { url, key } = await reach()
  const line = createServer(async (request, response) => {
    const body = request.method === 'GET' ? {} : { body: await textOf(request) }
    const headers = Object.fromEntries(
      ['authorization', 'content-type', 'if-match'].flatMap((name) =>
        request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]],
      ),
    )
    let cut = false
    const send = async (): Promise<void> => {
      const answer = await fetch(`${url}${request.url}`, { method: request.method ?? 'GET', headers, ...body })
      const text = await answer.text()
      if (!cut) response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(text)
    }
    if (request.method !== 'PUT') return send()
    await onSend(send, () => {
      cut = true
      request.socket.destroy()
    })
  })
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void line.close())
  const { names, publicKey } = JSON.parse((await run(['trust', 'show', '--json'])).stdout) as {
    names: { elsewhere: string }
    publicKey: string
  }
  await run(['trust', 'add', names.elsewhere, publicKey])
  return { ASYNCV_KEY: key, URL: `http://127.0.0.1:${(line.address() as AddressInfo).port}` }
}

const over = ({ URL = '', ...env }: Record<string, string>): Promise<Ran> =>
  run(['deploy', '--yes', '--url', URL], { env })

test('who was overtaken is told, and applies nothing', async () => {
  await started('one')
  const line = await lineThat(async (send) => {
    configure('faster')
    await deploy()
    await send()
  })
  configure('slower')
  expect(await over(line)).toMatchObject({ status: 1, stderr: expect.stringContaining('Somebody else published') })
  expect(await told()).toBe('told: faster')
})

test('an answer that is lost is looked for: what was applied is said to be', async () => {
  await started('one')
  const line = await lineThat(async (send, cut) => {
    cut()
    await send()
  })
  configure('two')
  expect(await over(line)).toMatchObject({ status: 0, stdout: expect.stringMatching(/Revision 2 is in force\.\n$/) })
  expect(await told()).toBe('told: two')
})

test('a release that is lost on its way is not said to be applied, and can be sent again', async () => {
  await started('one')
  const line = await lineThat(async (_, cut) => cut())
  configure('two')
  expect(await over(line)).toMatchObject({ status: 1, stderr: expect.stringContaining('all of it or nothing') })
  expect(await told()).toBe('told: one')
  expect((await deploy()).stdout).toMatch(/Revision 2 is in force\.\n$/)
})

test('who is taken off the trust list publishes no more', async () => {
  await started('one')
  await run(['trust', 'remove', 'command', '--yes'])
  configure('two')
  const { status, stderr } = await deploy()
  expect(status).toBe(1)
  const [, line = ''] = /type: asyncv (trust add command \S+)/.exec(stderr) ?? []
  await run(line.split(' '))
  expect((await deploy()).stdout).toContain('Revision 2 is in force.')
})

test('no service is said with how to start one', async () => {
  configure('one')
  for (const args of [['deploy'], ['releases', 'list'], ['rollback', '1']]) {
    expect(await run(args)).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('asyncv start') })
  }
})

test.each<[string[], string]>([
  [['rollback', 'x'], 'asyncv releases list'],
  [['releases', 'show', '0'], 'asyncv releases list'],
  [['deploy', 'nowhere.json'], 'no configuration file'],
  [['deploy'], 'asyncv deploy FILE'],
  [['deploy', '--chek'], 'Did you mean "--check"?'],
  [['deploy', '--url', 'nowhere'], 'tunnel'],
  [['deploy', '--url', 'http://u:hunter2@127.0.0.1:9', '--key', 'avk_x'], '--key or ASYNCV_KEY'],
  [['deploy', '--url', 'http://127.0.0.1:9', '--key', '密钥'], 'The key'],
  [['deploy', '--url', 'http://127.0.0.1:9', '--key', 'avk\nx'], 'The key'],
])('%j is refused with the way out', async (args, wayOut) => {
  if (args[1] === '--url') configure('one')
  expect(await run(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(wayOut) })
})

test('a draft is talked to before it is deployed: it remembers, nothing of it is kept, and its tokens are told', async () => {
  await started('one')
  configure('drafted')
  const { status, stdout, stderr } = await run(['chat', '--draft', 'asyncv.config.json'], { input: 'hi\nand again\n' })
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'told: drafted\ntold: drafted\n' })
  expect(stderr).toMatch(/^It took [1-9]\d* tokens in, [1-9]\d* out\.\n$/)
  const said = model.requests.at(-1)?.body.messages.map(({ role, content }) => `${role}: ${String(content)}`)
  expect(said).toEqual(['system: drafted', 'user: hi', 'assistant: told: drafted', 'user: and again'])
  expect(await told()).toBe('told: one')
  expect((await releases()).data).toHaveLength(1)
  expect(JSON.parse((await run(['sessions', 'list', '--json'])).stdout)).toMatchObject({ data: [{}] })
})

test('an error in a pipe ends its line', async () => {
  await started('one')
  configure('two', { agent: { model: 'main/m', limits: { modelCalls: 0 } } })
  const { stderr } = await run(['chat', '--draft', 'asyncv.config.json'], { input: 'hi\n' })
  expect(stderr).toMatch(/\nIt took 0 tokens in, 0 out\.\n$/)
})

test('a deploy that is interrupted while the service applies says that it may still be applied', async () => {
  const { url } = await started('one')
  // A platform that does not answer holds the release up.
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  onTestFinished(() => {
    silent.close()
    silent.closeAllConnections()
  })
  await once(silent, 'listening')
  const apiRoot = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  await run(['secrets', 'set', 'SLOW', '--origins', apiRoot], { input: tg.token })
  const slow = { type: 'telegram', options: { token: { $secret: 'SLOW' }, apiRoot, allow: 'everyone' } }
  configure('two', { top: { connectors: { slow }, routes: [{ connector: 'slow', agent: 'helper' }] } })
  const asked = once(silent, 'request')
  const child = place.spawn(['deploy', '--yes'])
  const said = textOf(child.stderr as NodeJS.ReadableStream)
  await asked
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([130, null])
  expect(await said).toMatch(/may still be applied[\s\S]*asyncv releases list/)
  expect((await fetch(`${url}/livez`)).status).toBe(200)
})

test('a draft that cannot be is said at the line, in the conversation', async () => {
  await started('one')
  configure('two', { agent: { model: 'mian/m' } })
  const refused = await run(['chat', '--draft', 'asyncv.config.json'], { input: 'hi\n' })
  expect(refused).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/asyncv\.config\.json:\d+ {2}\/agents\/0\/model\S*: .*Did you mean "main"\?/),
  })
  configure('two', { agent: { limits: { modelCalls: 0 } } })
  const wrong = await run(['chat', '--draft', 'asyncv.config.json'], { input: 'hi\n' })
  expect(wrong).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/json:\d+ {2}\/agents\/0\/limits\/modelCalls/),
  })
  const both = await run(['chat', '--draft', 'asyncv.config.json', '--session', 's'])
  expect(both).toMatchObject({ status: 2, stderr: expect.stringContaining('Leave --session out') })
})

/** Types into the command at a pseudo-terminal. */
function atTerminal(words: string[], awaited: string, typed: string): { shown: string; status: number | null } {
  const steps = typed.split('\x1e').map((part): Step => [awaited, part])
  const { shown, status } = runAtTerminal(place.command(words, { TERM: 'xterm' }), steps)
  return { shown: shown.replaceAll('\r\n', '\n'), status }
}

test.each([
  ['n\r', 1, 'Nothing was published.'],
  ['\x03', 130, 'Publish it? [y/N]'],
  ['y\r', 0, 'Revision 2 is in force.'],
])('at a terminal the difference is shown in colour and asked about; %j ends with %i', async (typed, status, shown) => {
  await started('one')
  configure('two')
  const ended = atTerminal(['deploy'], '[y/N]', typed)
  expect(ended.status).toBe(status)
  expect(ended.shown).toContain('\u001b[33m~\u001b[39m \u001b[1magent helper')
  expect(ended.shown).toContain(shown)
  expect((await releases()).data).toHaveLength(status === 0 ? 2 : 1)
})

test.each([
  ['y\r\x1en\r', 1],
  ['y\r\x1ey\r', 0],
])('--force asks twice; %j ends with %i', async (typed, status) => {
  await started('one')
  configure('two')
  await deploy()
  rmSync(join(place.folder, '.asyncv/publisher.json'))
  configure('three')
  const ended = atTerminal(['deploy', '--force'], '[y/N]', typed)
  expect(ended.shown).toMatch(/number 1 came before[\s\S]*Publish it\?[\s\S]*Really\?/)
  expect(ended.status).toBe(status)
  expect((await releases()).data).toHaveLength(status === 0 ? 3 : 2)
})

test('in Chinese it is the same', async () => {
  await started('一')
  configure('二')
  const { stdout, status } = await deploy('--lang', 'zh')
  expect(status).toBe(0)
  expect(stdout).toMatch(
    /^当前生效的是修订 1，由 file 发布[\s\S]*~ 智能体 helper\n {4}instructions {2}一 → 二[\s\S]*修订 2 已生效。\n$/,
  )
})
