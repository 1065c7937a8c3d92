import { setTimeout as sleep } from 'node:timers/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from '../api.ts'
import { systemClock } from '../clock.ts'
import { hashOf } from '../internal/document-hash.ts'
import type { AsyncvOptions } from '../options.ts'
import { sqlite } from '../sqlite/index.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { scripted } from '../testing/scripted.ts'
import { createVault } from '../vault/vault.ts'
import { newMasterKey } from '../vault/master-key.ts'
import { signEnvelope } from './envelope.ts'
import { Platforms, Publisher, releasable, saying } from '../testing/publisher.fixture.ts'

const platforms = new Platforms()
const command = new Publisher('command')

async function started(
  options: Partial<AsyncvOptions> = {},
  where = platforms,
  publishers = [command],
): Promise<Asyncv> {
  const asyncv = releasable(where, publishers, options)
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  return asyncv
}

const ask = async (asyncv: Asyncv) => (await asyncv.send({ agent: 'helper', text: 'hi' })).text

const actions = async (asyncv: Asyncv) =>
  (await asyncv.audit.list({ order: 'oldest' })).data.map(({ action, target }) => `${action} ${target}`)

test('a release makes the runtime what it says, and is numbered', async () => {
  const asyncv = await started({}, new Platforms(), [command])
  const first = await command.publish(asyncv, saying('one', []))
  expect(first).toMatchObject({ revision: 1, publisher: 'command', forced: false, parentHash: null })
  expect(await ask(asyncv)).toBe('one')
  const second = await command.publish(asyncv, saying('two', []))
  expect(second).toMatchObject({ revision: 2, parentHash: first.hash })
  expect(await ask(asyncv)).toBe('two')
  expect((await asyncv.releases.list()).data.map(({ revision }) => revision)).toEqual([2, 1])
  expect(await asyncv.releases.get(1)).toMatchObject({ hash: first.hash, document: { schemaVersion: 1 } })
  await expect(asyncv.releases.get(3)).rejects.toMatchObject({ code: 'release_unknown' })
  expect(await actions(asyncv)).toEqual(['release.applied 1', 'release.applied 2'])
})

test('connectors with unchanged options stay connected; others are restarted, started and stopped', async () => {
  const where = new Platforms()
  const asyncv = await started({}, where)
  await command.publish(asyncv, saying('one', ['fake:1', 'fake:2', 'fake:3']))
  expect(where.said).toEqual(['start fake:1', 'start fake:2', 'start fake:3'])
  where.said.length = 0
  const connectors = {
    chat0: { type: 'chat', options: { account: 'fake:1' } },
    chat1: { type: 'chat', options: { account: 'fake:2', apiRoot: 'https://chat.example' } },
    chat3: { type: 'chat', options: { account: 'fake:4' } },
  }
  const routes = Object.keys(connectors).map((connector) => ({ connector, agent: 'helper' }))
  const next = { ...saying('two'), connectors, routes }
  expect((await asyncv.releases.check(next)).connectors).toEqual({
    kept: ['chat0'],
    restarted: ['chat1'],
    started: ['chat3'],
    stopped: ['chat2'],
  })
  expect(where.said.filter((said) => !said.startsWith('close'))).toEqual([])
  where.said.length = 0
  await command.publish(asyncv, next)
  expect(where.said.filter((said) => !said.startsWith('close'))).toEqual([
    'stop fake:2',
    'stop fake:3',
    'start fake:2',
    'start fake:4',
  ])
  await where.chat('fake:1').say('ada', 'hi')
  expect((await where.chat('fake:1').next('ada')).text).toBe('two')
  await where.chat('fake:4').say('bob', 'hi')
  expect((await where.chat('fake:4').next('bob')).text).toBe('two')
  expect((await asyncv.ready()).checks.map(({ name }) => name)).toEqual([
    'storage',
    'connector chat0',
    'connector chat1',
    'connector chat3',
    'release',
  ])
})

test('a connector that is renamed is the same account under another name', async () => {
  const where = new Platforms()
  const asyncv = await started({}, where)
  await command.publish(asyncv, saying('one'))
  const renamed = {
    ...saying('one'),
    connectors: { other: { type: 'chat', options: { account: 'fake:1' } } },
    routes: [{ connector: 'other', agent: 'helper' }],
  }
  await command.publish(asyncv, renamed)
  await where.chat('fake:1').say('ada', 'hi')
  expect((await where.chat('fake:1').next('ada')).text).toBe('one')
})

test('when a connector does not start, everything is as it was', async () => {
  const where = new Platforms()
  const asyncv = await started({}, where)
  const before = await command.publish(asyncv, saying('one', ['fake:1', 'fake:2']))
  where.broken.add('fake:4')
  where.said.length = 0
  const next = saying('two', ['fake:1', 'fake:3', 'fake:4'])
  await expect(command.publish(asyncv, next)).rejects.toMatchObject({
    code: 'release_failed',
    message: 'Connector "chat2" did not start: fake:4 is broken.',
    problems: [{ pointer: '/connectors/chat2', detail: 'fake:4 is broken.' }],
  })
  expect(where.said.filter((said) => !said.startsWith('close'))).toEqual([
    'stop fake:2',
    'start fake:3',
    'start fake:4',
    'stop fake:3',
    'start fake:2',
  ])
  expect((await asyncv.releases.state()).current?.revision).toBe(before.revision)
  await where.chat('fake:2').say('ada', 'hi')
  expect((await where.chat('fake:2').next('ada')).text).toBe('one')
  expect((await actions(asyncv)).at(-1)).toBe('release.refused command')
})

test.each([
  ['the one before when it is refused', true, 'one'],
  ['the one it came with', false, 'two'],
])('what a restarted connector brings during the switch is answered by %s', async (_, refused, answer) => {
  const where = new Platforms()
  const asyncv = await started({}, where)
  await command.publish(asyncv, saying('one'))
  let go: () => void = () => {}
  const waits = new Promise<void>((resolve) => {
    go = resolve
  })
  const last = where.chat('fake:2')
  where.chats.set('fake:2', {
    ...last,
    async start(host) {
      await waits
      if (refused) throw new Error('No.')
      return last.start(host)
    },
  })
  const next = {
    ...saying('two', ['fake:1', 'fake:2']),
    connectors: {
      chat0: { type: 'chat', options: { account: 'fake:1', apiRoot: 'https://chat.example' } },
      chat1: { type: 'chat', options: { account: 'fake:2' } },
    },
  }
  const publishing = command.publish(asyncv, next).catch((error: unknown) => error)
  await expect.poll(() => where.said).toContain('start fake:2')
  const said = where.chat('fake:1').say('ada', 'hi')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(where.chat('fake:1').acknowledged).toEqual([])
  go()
  await publishing
  await said
  expect((await where.chat('fake:1').next('ada')).text).toBe(answer)
})

test('a task that runs goes on with what it began with, and that is closed when it has ended', async () => {
  const where = new Platforms()
  const asyncv = await started({}, where)
  const slow = { ...saying('slow', []), providers: { main: { type: 'echo', options: { says: 'slow', waits: true } } } }
  await command.publish(asyncv, slow)
  const reply = ask(asyncv)
  await expect.poll(() => where.asked).toEqual(['slow'])
  await command.publish(asyncv, saying('quick', []))
  await command.publish(asyncv, saying('quicker', []))
  expect(await ask(asyncv)).toBe('quicker')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(where.said).toEqual([])
  where.answer('slow')
  expect(await reply).toBe('slow')
  await expect.poll(() => where.said.toSorted()).toEqual(['close quick', 'close slow'])
})

test('a queued task takes the new agent, and fails visibly when its agent is gone', async () => {
  const where = new Platforms()
  const asyncv = await started({ width: 1 }, where)
  const slow = { ...saying('slow', []), providers: { main: { type: 'echo', options: { says: 'slow', waits: true } } } }
  await command.publish(asyncv, {
    ...slow,
    agents: [...slow.agents, { name: 'other', model: 'main/any' }],
  })
  const running = ask(asyncv)
  await expect.poll(() => where.asked).toEqual(['slow'])
  const queued = ask(asyncv)
  const orphan = asyncv.send({ agent: 'other', text: 'hi' })
  const orphaned = expect(orphan).rejects.toMatchObject({ code: 'agent_gone' })
  await expect.poll(async () => (await asyncv.stats()).tasks.queued).toBe(2)
  await command.publish(asyncv, saying('new', []))
  where.answer('slow')
  expect(await running).toBe('slow')
  expect(await queued).toBe('new')
  await orphaned
})

test('the last release survives a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-release-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const where = new Platforms()
  const storage = () => ({ storage: sqlite(join(folder, 'asyncv.db')) })
  const first = await started(storage(), where)
  const { hash } = await command.publish(first, saying('kept'))
  const { runtime } = await first.releases.state()
  await first.stop()
  const second = await started(storage(), where)
  expect(await second.releases.state()).toMatchObject({ runtime, problems: null, current: { hash, revision: 1 } })
  await where.chat('fake:1').say('ada', 'hi')
  expect((await where.chat('fake:1').next('ada')).text).toBe('kept')
  await second.stop()

  // Started again, it is the same object with the same release.
  await second.start()
  expect(await ask(second)).toBe('kept')
  await second.stop()

  // What the release names is not installed any more: the runtime starts all the same, and says that it is not ready.
  const third = await started({
    ...storage(),
    definitions: async () => [],
    agents: [{ name: 'plain', model: 'offline/demo' }],
  })
  expect(third.agents.map(({ name }) => name)).toEqual(['plain'])
  const state = await third.releases.state()
  expect(state.problems?.map(({ pointer }) => pointer)).toContain('/connectors/chat0/type')
  const ready = await third.ready()
  expect(ready.ready).toBe(false)
  expect(ready.checks.find(({ name }) => name === 'release')).toMatchObject({ ok: false })
})

test('a connector of a release that does not start keeps the runtime from nothing else, and can be mended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-release-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const where = new Platforms()
  const storage = () => ({ storage: sqlite(join(folder, 'asyncv.db')) })
  const first = await started(storage(), where)
  await command.publish(first, saying('kept', ['fake:1', 'fake:2']))
  await first.stop()
  where.broken.add('fake:1')
  const second = await started(storage(), where)
  const ready = await second.ready()
  expect(ready.ready).toBe(false)
  expect(ready.checks).toContainEqual({ name: 'connector chat0', ok: false, detail: 'fake:1 is broken.' })
  await where.chat('fake:2').say('ada', 'hi')
  expect((await where.chat('fake:2').next('ada')).text).toBe('kept')
  await command.publish(
    second,
    saying('mended', ['fake:2'], { connectors: { chat0: { type: 'chat', options: { account: 'fake:2' } } } }),
  )
  expect((await second.ready()).ready).toBe(true)
})

test('what the code has is its own: a name that both claim is an error that says so', async () => {
  const asyncv = await started({
    agents: [{ name: 'helper', model: 'mine/any' }],
    providers: { mine: scripted([]) },
    connectors: { chat0: fakeConnector({ account: 'fake:9' }) },
    routes: [{ connector: 'chat0', agent: 'helper' }],
  })
  const document = { ...saying('one'), providers: { mine: { type: 'echo', options: { says: 'x' } } } }
  const { problems } = await asyncv.releases.check(document)
  expect(problems.slice(0, 4)).toEqual(
    [
      ['/agents/0/name', 'agent "helper"'],
      ['/providers/mine', 'provider "mine"'],
      ['/connectors/chat0', 'connector "chat0"'],
      ['/routes/0/connector', 'route of connector "chat0"'],
    ].map(([pointer, what]) => ({
      pointer,
      detail: `the ${what} is the code’s own, which no release changes. Use another name.`,
    })),
  )
})

test('agents of a release may use tools and providers of the code', async () => {
  const mine = scripted(['from the code'])
  const asyncv = await started({ providers: { mine } })
  await command.publish(asyncv, {
    schemaVersion: 1,
    agents: [{ name: 'helper', model: 'mine/any', tools: ['calculator'] }],
  })
  expect(await ask(asyncv)).toBe('from the code')
  expect(asyncv.agents).toEqual([{ name: 'helper', model: ['mine/any'], tools: ['calculator'] }])
})

test('everything that is wrong is told at its place', async () => {
  const asyncv = await started()
  const { problems } = await asyncv.releases.check({
    schemaVersion: 1,
    agents: [{ name: 'helper', model: 'nain/any', tools: ['calculater'] }],
    routes: [{ connector: 'chta', agent: 'helper' }],
    providers: { main: { type: 'ecko', options: {} }, more: { type: 'echo', options: { say: 'x' } } },
    connectors: { chat: { type: 'chat', options: { account: 'a', token: 'inline' } } },
  })
  expect(problems.map(({ pointer, detail }) => `${pointer}: ${detail}`)).toEqual([
    '/providers/main/type: unknown provider type "ecko". Did you mean "echo"?',
    '/providers/more/options/says: Invalid input: expected string, received undefined',
    '/providers/more/options/say: unknown key. Did you mean "says"?',
    '/connectors/chat/options/token: holds a secret itself; set it in the vault, and write { "$secret": "NAME" }',
    '/agents/0/model/0: Agent "helper": model "nain/any" names no provider. Did you mean "main"?',
    '/agents/0/tools/0: Agent "helper": unknown tool "calculater". Did you mean "calculator"?',
    '/routes/0/connector: Route to "helper": unknown connector "chta". Did you mean "chat"?',
  ])
})

function secretive(options: Record<string, unknown>) {
  return saying('one', ['fake:1'], {
    connectors: { chat0: { type: 'chat', options: { account: 'fake:1', token: { $secret: 'TOKEN' }, ...options } } },
  })
}

test('a secret is the vault’s, or of the environment where the operator said so', async () => {
  const elsewhere = (name: string) => ({ TOKEN: 'from the environment', OTHER: 'x' })[name]
  const vault = createVault({ key: newMasterKey(), elsewhere })
  const asyncv = await started({ vault }, new Platforms())
  expect((await asyncv.releases.check(secretive({}))).problems).toEqual([
    {
      pointer: '/connectors/chat0/options/token',
      detail: 'the secret TOKEN is not in the vault of this runtime. Set it there: asyncv secrets set TOKEN',
    },
  ])
  await asyncv.secrets.put({ name: 'TOKEN', value: 'from the vault' })
  expect((await asyncv.releases.check(secretive({}))).problems).toEqual([])
  const listed = await started({
    vault: createVault({ key: newMasterKey(), elsewhere }),
    releases: { environment: ['TOKEN'] },
  })
  expect((await listed.releases.check(secretive({}))).problems).toEqual([])
})

test('a release that sends a secret elsewhere is refused until the operator widens it', async () => {
  const asyncv = await started({ vault: createVault({ key: newMasterKey() }) }, new Platforms())
  await asyncv.secrets.put({ name: 'TOKEN', value: 'sesame' })
  const abroad = secretive({ apiRoot: 'https://elsewhere.example/api' })
  expect((await asyncv.releases.check(abroad)).problems).toEqual([
    {
      pointer: '/connectors/chat0/options/apiRoot',
      detail:
        'would send the secret TOKEN to https://elsewhere.example, and it is bound to https://chat.example. If it belongs there, widen it: asyncv secrets set TOKEN --origins https://chat.example,https://elsewhere.example',
    },
  ])
  await asyncv.secrets.put({ name: 'TOKEN', value: 'sesame', origins: ['https://elsewhere.example'] })
  expect((await asyncv.releases.check(abroad)).problems).toEqual([])
  // Where the service itself is reached, nothing is sent.
  await asyncv.secrets.put({ name: 'TOKEN', value: 'sesame', origins: null })
  const webhook = secretive({ webhook: { url: 'https://me.example/connectors/chat0' } })
  expect((await asyncv.releases.check(webhook)).problems).toEqual([])
})

test('two releases at the same time are applied one after the other', async () => {
  const asyncv = await started({}, new Platforms())
  const [one, other] = [saying('one', []), saying('other', [])]
  const envelopes = [await command.sign(asyncv, one), await command.sign(asyncv, other)]
  const results = await Promise.allSettled([
    asyncv.releases.apply({ envelope: envelopes[0], document: one }),
    asyncv.releases.apply({ envelope: envelopes[1], document: other }),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(await ask(asyncv)).toBe('one')
})

test('a stop while a release waits for a connector leaves the one before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-release-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const where = new Platforms()
  const storage = () => ({ storage: sqlite(join(folder, 'asyncv.db')) })
  const asyncv = await started(storage(), where)
  const { hash } = await command.publish(asyncv, saying('one'))
  where.chats.set('fake:2', { ...fakeConnector(), start: () => new Promise(() => {}) })
  const publishing = command.publish(asyncv, saying('two', ['fake:1', 'fake:2'])).catch((error: unknown) => error)
  await expect.poll(() => where.said).toContain('start fake:2')
  await asyncv.stop({ drainMs: 1_000 })
  // The stop is no fault of the connector's.
  expect(await publishing).toMatchObject({ code: 'not_running', retryable: true })
  const again = await started(storage(), where)
  expect((await again.releases.state()).current?.hash).toBe(hash)
  expect((await actions(again)).filter((action) => action.startsWith('release.refused'))).toEqual([])
})

test('without releases among its options a runtime takes none', async () => {
  const { createAsyncv } = await import('../asyncv.ts')
  const asyncv = createAsyncv({ storage: sqlite(':memory:'), agents: [{ name: 'helper', model: 'offline/demo' }] })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  await expect(asyncv.releases.state()).rejects.toMatchObject({ code: 'releases_off' })
})

const elsewhere = { runtime: 'another runtime' }
test('refused is what is not signed for this runtime by somebody it trusts', async () => {
  const asyncv = await started({}, new Platforms())
  const document = saying('one', [])
  const envelope = await command.sign(asyncv, document)
  const stranger = new Publisher('stranger')
  const impostor = new Publisher('command')
  const apply = (of: unknown, what: unknown = document) => asyncv.releases.apply({ envelope: of, document: what })
  const refusals: [unknown, unknown, string][] = [
    [await stranger.sign(asyncv, document), document, 'The publisher "stranger" is not trusted here.'],
    [await impostor.sign(asyncv, document), document, 'The envelope is not signed by the key of "command"'],
    [await new Publisher('file').sign(asyncv, document), document, 'Nobody but this host publishes as "file".'],
    [{ ...envelope, sequence: 99 }, document, 'The envelope is not signed by the key of "command"'],
    [{ ...envelope, parentHash: envelope.hash }, document, 'The envelope is not signed by the key of "command"'],
    [envelope, saying('tampered', []), 'The document’s hash is sha256:'],
    [
      await command.sign(asyncv, document, { audience: elsewhere.runtime }),
      document,
      `The release is for the runtime another runtime; this one is`,
    ],
  ]
  for (const [of, what, message] of refusals) {
    await expect(apply(of, what)).rejects.toMatchObject({
      code: 'release_untrusted',
      message: expect.stringContaining(message) as string,
    })
  }
  expect(await actions(asyncv)).toHaveLength(refusals.length)
  expect((await asyncv.releases.state()).current).toBeNull()
  await expect(apply({ ...envelope, more: 1 })).rejects.toMatchObject({
    code: 'input_invalid',
    problems: [{ pointer: '/envelope/more', detail: 'unknown key' }],
  })
  await expect(apply(signEnvelope({ ...envelope, sequence: 0 }, command.privateKey))).rejects.toMatchObject({
    code: 'input_invalid',
  })
  await apply(envelope)
})

test('refused is what is older, replayed, or does not follow what is in force', async () => {
  const publisher = new Publisher('studio')
  const asyncv = await started({}, new Platforms(), [publisher])
  const [one, two] = [saying('one', []), saying('two', [])]
  const first = await publisher.sign(asyncv, one)
  const applied = await asyncv.releases.apply({ envelope: first, document: one })
  // The same once more is the same answer, whatever has to be in force by then.
  const again = await asyncv.releases.apply({ envelope: first, document: one }, { ifMatch: null })
  expect(again).toEqual(applied)
  await publisher.publish(asyncv, two)

  await expect(asyncv.releases.apply({ envelope: first, document: one })).rejects.toMatchObject({
    code: 'release_stale',
    message: `The release follows none, and ${(await asyncv.releases.state()).current?.hash} is in force.`,
  })
  const orphan = await publisher.sign(asyncv, one, { parentHash: first.hash })
  await expect(asyncv.releases.apply({ envelope: orphan, document: one })).rejects.toMatchObject({
    code: 'release_stale',
  })
  const next = await publisher.sign(asyncv, one)
  await expect(asyncv.releases.apply({ envelope: next, document: one }, { ifMatch: first.hash })).rejects.toMatchObject(
    {
      code: 'release_changed',
    },
  )
  expect(await ask(asyncv)).toBe('two')
})

test('a publisher that was restored from an old backup moves nothing backwards unless forced, which is written down', async () => {
  const publisher = new Publisher('studio')
  const asyncv = await started({}, new Platforms(), [publisher])
  for (const says of ['one', 'two', 'three']) await publisher.publish(asyncv, saying(says, []))
  publisher.sequence = 1
  const old = saying('two', [])
  const envelope = await publisher.sign(asyncv, old)
  expect(envelope.sequence).toBe(2)
  await expect(asyncv.releases.apply({ envelope, document: old })).rejects.toMatchObject({
    code: 'release_stale',
    message: 'Sequence 2 of publisher "studio" is not above 3, its last one here.',
  })
  expect(await ask(asyncv)).toBe('three')
  const forced = await asyncv.releases.apply({ envelope, document: old }, { force: true })
  expect(forced).toMatchObject({ revision: 4, forced: true, sequence: 2 })
  expect(await ask(asyncv)).toBe('two')
  expect((await actions(asyncv)).slice(-2)).toEqual(['release.refused studio', 'release.forced 4'])
  expect((await asyncv.releases.state()).sequences).toEqual([{ publisher: 'studio', last: 3 }])
})

test('after a release that was refused, a connector that does not come back is tried again until it does', {
  timeout: 30_000,
}, async () => {
  const where = new Platforms()
  const asyncv = await started({}, where)
  await command.publish(asyncv, saying('one', ['fake:1']))
  where.broken.add('fake:1')
  where.broken.add('fake:2')
  await expect(command.publish(asyncv, saying('two', ['fake:2']))).rejects.toMatchObject({ code: 'release_failed' })
  const away = (await asyncv.status()).connectors[0]
  expect(away).toMatchObject({ state: 'away', detail: expect.stringMatching(/fake:1 is broken.*tried again/) })
  where.broken.delete('fake:1')
  await expect.poll(async () => (await asyncv.status()).connectors[0]?.state, { timeout: 20_000 }).toBe('connected')
  expect((await asyncv.ready()).ready).toBe(true)
  await where.chat('fake:1').say('ada', 'hi')
  expect((await where.chat('fake:1').next('ada')).text).toBe('one')
})

test('one that somebody stops while it is tried again stays so', async () => {
  const where = new Platforms()
  const asyncv = await started({}, where)
  await command.publish(asyncv, saying('one', ['fake:1']))
  where.broken.add('fake:1')
  where.broken.add('fake:2')
  await expect(command.publish(asyncv, saying('two', ['fake:2']))).rejects.toMatchObject({ code: 'release_failed' })
  await asyncv.connectors.stop('chat0')
  expect((await actions(asyncv)).at(-1)).toBe('connector.stopped chat0')
  expect((await asyncv.status()).connectors[0]?.state).toBe('stopped')
  where.broken.clear()
  where.said.length = 0
  await sleep(3_000)
  expect(where.said).toEqual([])
  // A release with another option of it leaves that to whoever starts it, as with one that was connected.
  const options = { account: 'fake:3' }
  await command.publish(asyncv, { ...saying('two'), connectors: { chat0: { type: 'chat', options } } })
  expect(where.said).not.toContain('start fake:3')
  await asyncv.connectors.start('chat0')
  expect(where.said).toContain('start fake:3')
  expect((await asyncv.status()).connectors[0]?.state).toBe('connected')
})

test('one that was started by hand while it was tried again, and stopped, is not connected again', async () => {
  const where = new Platforms()
  const asyncv = await started({}, where)
  await command.publish(asyncv, saying('one', ['fake:1']))
  where.broken.add('fake:1').add('fake:2')
  await expect(command.publish(asyncv, saying('two', ['fake:2']))).rejects.toMatchObject({ code: 'release_failed' })
  where.broken.clear()
  await asyncv.connectors.start('chat0')
  await asyncv.connectors.stop('chat0')
  where.said.length = 0
  await sleep(3_000)
  expect(where.said).toEqual([])
  expect((await asyncv.status()).connectors[0]?.state).toBe('stopped')
})

test('the same refusal again and again is written down a few times, then counted', async () => {
  let now = 1_000_000
  const asyncv = await started({ clock: { ...systemClock, now: () => now } })
  const entries = async () =>
    (await asyncv.audit.list({ limit: 100 })).data.filter(({ action }) => action === 'release.refused').length
  const refused = (n: number, name: string) =>
    expect(new Publisher(name).publish(asyncv, saying(`${n}`, []))).rejects.toThrow()
  // Whatever name somebody claims who is not trusted, and whatever the document is.
  for (let n = 0; n < 30; n++) await refused(n, `stranger${n}`)
  expect(await entries()).toBe(10)
  // Another reason is another matter.
  await expect(command.publish(asyncv, saying('one', []), { parentHash: hashOf({}) })).rejects.toThrow()
  expect(await entries()).toBe(11)
  now += 60 * 60_000
  await refused(31, 'stranger')
  expect(await entries()).toBe(12)
})
