import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from '../api.ts'
import { createAsyncv } from '../asyncv.ts'
import { resolveConfig } from '../config/file.ts'
import type { PartDefinition } from '../part-making.ts'
import { sqlite } from '../sqlite/index.ts'
import { Platforms, Publisher, saying } from '../testing/publisher.fixture.ts'
import { createVault } from '../vault/vault.ts'
import { fileRelease } from './file-release.ts'

/** A host with a file that changes, and a database that stays. */
class Host {
  readonly folder = mkdtempSync(join(tmpdir(), 'asyncv-edited-'))
  readonly publisher = new Publisher()
  readonly environment: Record<string, string> = { TOKEN: 'sesame' }
  definitions: PartDefinition[] = new Platforms().definitions

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }))
  }

  document(config: object) {
    return fileRelease(config, this.definitions).document
  }

  async start(config: object): Promise<Asyncv> {
    const { definitions, environment } = this
    const secret = (name: string) => environment[name]
    const vault = createVault({ elsewhere: secret })
    const sources = { file: 'a.json', directory: this.folder, definitions, vault, secret }
    const { asyncv: options } = resolveConfig(config, sources)
    const asyncv = createAsyncv({
      ...options,
      storage: sqlite(join(this.folder, 'asyncv.db')),
      definitions: async () => definitions,
      releases: { trust: { publishers: () => [this.publisher.trusted] }, file: this.document(config) },
    })
    onTestFinished(() => asyncv.stop({ drainMs: 0 }))
    await asyncv.start()
    return asyncv
  }
}

function file(says: string, apiRoot: string) {
  const { schemaVersion: _, ...rest } = saying(says)
  const options = { account: 'fake:1', apiRoot, token: { $secret: 'TOKEN' } }
  return { ...rest, connectors: { chat0: { type: 'chat', options } } }
}

const answer = async (asyncv: Asyncv) => (await asyncv.send({ agent: 'helper', text: 'hi' })).text

test('an edit of the file that nobody has deployed takes nothing from the release in force, nor from a rollback', async () => {
  const host = new Host()
  const [one, two] = [file('one', 'https://one.example'), file('two', 'https://two.example')]
  const first = await host.start(one)
  await host.publisher.publish(first, host.document(one))
  await first.stop()

  const second = await host.start(two)
  expect(await second.releases.state()).toMatchObject({ problems: null, current: { revision: 2 } })
  expect(await answer(second)).toBe('one')
  // What the file says is another document, which it lets do what it says.
  await host.publisher.publish(second, host.document(two))
  expect(await answer(second)).toBe('two')
  await host.publisher.publish(second, host.document(one))
  expect(await answer(second)).toBe('one')
  // A document that was never applied has what the file of now gives, and no more.
  const other = host.document(file('other', 'https://one.example'))
  expect((await second.releases.check(other)).problems).toMatchObject([
    { pointer: '/connectors/chat0/options/apiRoot' },
  ])
})

test('a file without the parts that use a secret leaves it to the release in force', async () => {
  const host = new Host()
  const one = file('one', 'https://one.example')
  const first = await host.start(one)
  await host.publisher.publish(first, host.document(one))
  await first.stop()
  const { schemaVersion: _, ...bare } = saying('bare', [])
  const second = await host.start(bare)
  expect(await answer(second)).toBe('one')
})

test('while the release cannot be applied, the file’s content is not run, nothing is taken in, and what was accepted waits', async () => {
  const host = new Host()
  const one = file('one', 'https://one.example')
  const first = await host.start(one)
  const slow = { ...saying('slow', []), providers: { main: { type: 'echo', options: { says: 'slow', waits: true } } } }
  await host.publisher.publish(first, slow)
  const { task } = await first.accept({ agent: 'helper', session: 's', text: 'hi' })
  await first.stop({ drainMs: 0 })

  const { definitions } = host
  host.definitions = definitions.map((one) => (one.kind === 'provider' ? { ...one, type: 'gone' } : one))
  const second = await host.start({ agents: [{ name: 'helper', model: 'offline/demo' }] })
  const { ready, checks } = await second.ready()
  expect(ready).toBe(false)
  expect(checks.find(({ name }) => name === 'release')).toMatchObject({
    ok: false,
    detail: expect.stringContaining('nothing is taken in'),
  })
  expect((await second.releases.state()).fileInForce).toBe(false)
  await expect(answer(second)).rejects.toMatchObject({ code: 'not_running', retryable: true })
  // A drain that is undone does not let it go on either.
  await second.drain.begin()
  await second.drain.undo()
  await expect(answer(second)).rejects.toMatchObject({ code: 'not_running', retryable: true })
  expect((await second.task(task)).state).toBe('queued')
  await second.stop()

  host.definitions = definitions
  const third = await host.start({ agents: [{ name: 'helper', model: 'offline/demo' }] })
  await host.publisher.publish(third, saying('again', []))
  expect((await third.reply(task)).text).toBeTypeOf('string')
  expect((await third.ready()).ready).toBe(true)
})

test('a release that can be applied lets a runtime go on whose last one could not', async () => {
  const host = new Host()
  const first = await host.start(file('one', 'https://one.example'))
  await host.publisher.publish(first, sayingNever())
  const { task } = await first.accept({ agent: 'helper', session: 's', text: 'hi' })
  await first.stop({ drainMs: 0 })
  host.definitions = host.definitions.map((one) => ({ ...one, type: `${one.type}2` }) as PartDefinition)
  const second = await host.start({ agents: [{ name: 'helper', model: 'offline/demo' }] })
  const again = { ...saying('again', []), providers: { main: { type: 'echo2', options: { says: 'again' } } } }
  await host.publisher.publish(second, again)
  expect((await second.reply(task)).text).toBe('again')
  expect(await answer(second)).toBe('again')
  expect((await second.ready()).ready).toBe(true)
})

function sayingNever() {
  return { ...saying('never', []), providers: { main: { type: 'echo', options: { says: 'never', waits: true } } } }
}
