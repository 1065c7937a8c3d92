import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from '../api.ts'
import type { AsyncvOptions } from '../options.ts'
import { sqlite } from '../sqlite/index.ts'
import { Platforms, Publisher, releasable, saying } from '../testing/publisher.fixture.ts'

const publisher = new Publisher()

async function started(where: Platforms, options: Partial<AsyncvOptions> = {}): Promise<Asyncv> {
  const asyncv = releasable(where, [publisher], options)
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  return asyncv
}

/** A connector of `account` waits in its start until it is let go. */
function slowStart(where: Platforms, account: string): () => void {
  const chat = where.chat(account)
  let go: () => void = () => {}
  const waits = new Promise<void>((resolve) => {
    go = resolve
  })
  where.chats.set(account, {
    ...chat,
    async start(host) {
      await waits
      return chat.start(host)
    },
  })
  return go
}

const named = (name: string) => ({ ...saying(name, []), agents: [{ name, model: 'main/any' }] })

test('the parts change in the turn in which the commit is known, and not before it', async () => {
  const agents = (): string[] => asyncv.agents.map(({ name }) => name)
  const seen: string[][] = []
  const asyncv: Asyncv = await started(new Platforms(), {
    hook(point) {
      if (point === 'storage.applyRelease:before') seen.push(agents())
      if (point === 'storage.applyRelease:after') setImmediate(() => seen.push(agents()))
    },
  })
  await publisher.publish(asyncv, named('old'))
  await publisher.publish(asyncv, named('new'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(seen).toEqual([[], ['old'], ['old'], ['new']])
})

test('a connector that a release takes away is not started by who asked for it meanwhile', async () => {
  const where = new Platforms()
  const asyncv = await started(where)
  await publisher.publish(asyncv, saying('one', ['fake:1', 'fake:2']))
  await asyncv.connectors.stop('chat1')
  const go = slowStart(where, 'fake:3')
  where.said.length = 0
  const next = {
    ...saying('two', []),
    connectors: { slow: { type: 'chat', options: { account: 'fake:3' } } },
    routes: [{ connector: 'slow', agent: 'helper' }],
  }
  const publishing = publisher.publish(asyncv, next)
  await expect.poll(() => where.said).toContain('start fake:3')
  const asked = asyncv.connectors.start('chat1').catch((error: unknown) => error)
  go()
  await publishing
  expect(await asked).toMatchObject({ code: 'connector_unknown' })
  expect(where.said).not.toContain('start fake:2')
})

test('what the test of a connector opens is closed, also when a release has replaced it meanwhile', async () => {
  const where = new Platforms()
  const asyncv = await started(where)
  let answer: () => void = () => {}
  const asked = new Promise<void>((resolve) => {
    where.chats.set('fake:1', {
      ...where.chat('fake:1'),
      test: () =>
        new Promise((done) => {
          answer = () => done({ ok: true, latencyMs: 1 })
          resolve()
        }),
    })
  })
  await publisher.publish(asyncv, saying('one'))
  const testing = asyncv.connectors.test('chat0')
  await asked
  const options = { account: 'fake:1', apiRoot: 'https://chat.example' }
  await publisher.publish(asyncv, { ...saying('one'), connectors: { chat0: { type: 'chat', options } } })
  await expect.poll(() => where.said).toContain('close fake:1')
  where.said.length = 0
  answer()
  await testing
  expect(where.said).toEqual(['close fake:1'])
})

test('a webhook goes to the connector that is connected, also before the release is in force', async () => {
  const where = new Platforms()
  const asyncv = await started(where)
  const webhook = (says: string) => async () => new Response(says)
  where.chats.set('fake:1', { ...where.chat('fake:1'), webhook: webhook('old') })
  await publisher.publish(asyncv, saying('one'))
  where.chats.set('fake:1', { ...where.chat('fake:1'), webhook: webhook('new') })
  const go = slowStart(where, 'fake:2')
  const options = { account: 'fake:1', apiRoot: 'https://chat.example' }
  const next = saying('two', ['fake:1', 'fake:2'])
  const publishing = publisher.publish(asyncv, {
    ...next,
    connectors: { ...next.connectors, chat0: { type: 'chat', options } },
  })
  await expect.poll(() => where.said).toContain('start fake:2')
  const answer = await asyncv.webhook('chat0', new Request('http://127.0.0.1/'))
  expect(await answer?.text()).toBe('new')
  go()
  await publishing
})

test('a stop ends the putting back of a connector, which is stopped when it starts after all', async () => {
  const where = new Platforms()
  const asyncv = await started(where)
  await publisher.publish(asyncv, saying('one', ['fake:1']))
  where.broken.add('fake:2')
  where.said.length = 0
  const options = { account: 'fake:2' }
  const next = { ...saying('two'), connectors: { chat0: { type: 'chat', options } } }
  where.holdStart('fake:1')
  const publishing = publisher.publish(asyncv, next).catch((error: unknown) => error)
  await expect.poll(() => where.said).toContain('start fake:1')
  const stopped = asyncv.stop({ drainMs: 10_000 })
  expect(await publishing).toMatchObject({ code: 'release_failed' })
  await stopped
  where.said.length = 0
  where.letStart('fake:1')
  await expect.poll(() => where.said).toEqual(['stop fake:1', 'close fake:1'])
})

test('a connector that cannot be put back is told as such, and can be started when its platform is back', async () => {
  const where = new Platforms()
  const asyncv = await started(where)
  await publisher.publish(asyncv, saying('one', ['fake:1']))
  where.broken.add('fake:1').add('fake:2')
  const next = { ...saying('two'), connectors: { chat0: { type: 'chat', options: { account: 'fake:2' } } } }
  await expect(publisher.publish(asyncv, next)).rejects.toMatchObject({ code: 'release_failed' })
  const check = async () => (await asyncv.ready()).checks.find(({ name }) => name === 'connector chat0')
  expect(await check()).toMatchObject({ ok: false, detail: 'fake:1 is broken. It is tried again.' })
  expect((await asyncv.releases.state()).current?.revision).toBe(1)
  where.broken.clear()
  await asyncv.connectors.start('chat0')
  expect(await check()).toMatchObject({ ok: true })
  await where.chat('fake:1').say('ada', 'hi')
  expect((await where.chat('fake:1').next('ada')).text).toBe('one')
})

test('a connector that nobody would answer is refused', async () => {
  const asyncv = await started(new Platforms())
  const { problems } = await asyncv.releases.check({ ...saying('hi'), agents: [], routes: [] })
  expect(problems).toEqual([
    { pointer: '/connectors/chat0', detail: 'brings messages that nobody answers: there is no agent. Add one.' },
  ])
})

test('a key that would be lost on the way is refused, not dropped', async () => {
  const asyncv = await started(new Platforms())
  const parts = JSON.parse('{"__proto__":{"type":"chat","options":{"account":"fake:1"}}}') as unknown
  const { problems } = await asyncv.releases.check({ ...saying('hi', []), connectors: parts })
  expect(problems).toEqual([{ pointer: '', detail: 'has a key "__proto__", which no part can have. Leave it out.' }])
  const agents = [{ name: 'helper', model: 'main/any', instructions: 'Say {"__proto__":1} and "__proto__": 2.' }]
  expect((await asyncv.releases.check({ ...saying('hi', []), agents })).problems).toEqual([])
})

test('a switch under way is told, with what it waits for and how many wait for it; what it replaces is away, and not stopped', async () => {
  const where = new Platforms()
  const asyncv = await started(where)
  await publisher.publish(asyncv, saying('one', ['fake:1', 'fake:2']))
  expect((await asyncv.status()).change).toBe(null)
  where.holdStart('fake:3')
  const next = saying('two', ['fake:3', 'fake:2'])
  const published = publisher.publish(asyncv, next)
  await expect.poll(() => where.said).toContain('start fake:3')
  const stopped = asyncv.connectors.stop('chat1')
  const { change, connectors } = await asyncv.status()
  expect(change).toEqual({
    what: 'release',
    name: 'command',
    since: expect.any(Number),
    waitsFor: 'chat0',
    waiting: 1,
  })
  const replaced = { state: 'away', detail: 'a release is being put in force' }
  expect(connectors).toMatchObject([replaced, { state: 'connected' }])
  where.letStart('fake:3')
  await Promise.all([published, stopped])
  expect(await asyncv.status()).toMatchObject({
    change: null,
    connectors: [
      { state: 'connected', detail: null },
      { state: 'stopped', detail: null },
    ],
  })
})

test('a stop that begins once the connectors of a release have started leaves the one before in force', async () => {
  let stop = false
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-cutover-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const storage = () => sqlite(join(folder, 'asyncv.db'))
  const asyncv: Asyncv = await started(new Platforms(), {
    storage: storage(),
    async hook(point) {
      if (!stop || point !== 'release.connected') return
      void asyncv.stop({ drainMs: 0 })
      await expect.poll(async () => (await asyncv.ready()).ready).toBe(false)
    },
  })
  await publisher.publish(asyncv, saying('one'))
  stop = true
  await expect(publisher.publish(asyncv, saying('two', ['fake:2']))).rejects.toMatchObject({ code: 'not_running' })
  await asyncv.stop({ drainMs: 0 })
  const again = await started(new Platforms(), { storage: storage() })
  expect((await again.releases.state()).current).toMatchObject({ revision: 1 })
})

test('what is in force already, sent with a higher number, is that release, and its number counts', async () => {
  const asyncv = await started(new Platforms())
  const last = async () => (await asyncv.releases.state()).sequences.find((one) => one.publisher === 'command')?.last
  await publisher.publish(asyncv, saying('one', []))
  const { sequence } = publisher
  expect(await publisher.publish(asyncv, saying('one', []), { sequence: sequence + 5 })).toMatchObject({ revision: 1 })
  expect(await last()).toBe(sequence + 5)
  const older = publisher.publish(asyncv, saying('two', []), { sequence: sequence + 5 })
  await expect(older).rejects.toMatchObject({ code: 'release_stale' })
})
