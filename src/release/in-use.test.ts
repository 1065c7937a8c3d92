import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from '../api.ts'
import { sqlite } from '../sqlite/index.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { scripted } from '../testing/scripted.ts'
import { Platforms, Publisher, releasable, saying, sayingSlowly } from '../testing/publisher.fixture.ts'

const publisher = new Publisher()

async function started(where: Platforms): Promise<Asyncv> {
  const asyncv = releasable(where, [publisher])
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  return asyncv
}

const ask = async (asyncv: Asyncv) => (await asyncv.send({ agent: 'helper', text: 'hi' })).text

const previewed = async (asyncv: Asyncv, document: unknown, signal?: AbortSignal): Promise<string> => {
  let text = ''
  for await (const event of asyncv.releases.preview({ document, text: 'hi' }, signal === undefined ? {} : { signal })) {
    if (event.type === 'preview.finished') text = event.text
  }
  return text
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 20))

test('what a preview shares with the release in force is closed after the preview, not under it', async () => {
  const where = new Platforms()
  const asyncv = await started(where)
  await publisher.publish(asyncv, sayingSlowly('slow'))
  const preview = previewed(asyncv, sayingSlowly('slow'))
  await expect.poll(() => where.asked).toEqual(['slow'])
  await publisher.publish(asyncv, saying('quick', []))
  await moment()
  expect(where.said).toEqual([])
  where.answer('slow')
  expect(await preview).toBe('slow')
  await expect.poll(() => where.said).toEqual(['close slow'])
})

test('the end of a preview closes nothing that a running task uses', async () => {
  const where = new Platforms()
  const asyncv = await started(where)
  await publisher.publish(asyncv, sayingSlowly('slow'))
  const reply = ask(asyncv)
  await expect.poll(() => where.asked).toEqual(['slow'])
  const leave = new AbortController()
  const preview = previewed(asyncv, sayingSlowly('slow'), leave.signal).catch(() => {})
  await expect.poll(() => where.asked).toEqual(['slow', 'slow'])
  await publisher.publish(asyncv, saying('quick', []))
  leave.abort()
  await preview
  await moment()
  expect(where.said).toEqual([])
  where.answer('slow')
  expect(await reply).toBe('slow')
})

test('a preview that nobody reads any more holds no stop', async () => {
  const asyncv = await started(new Platforms())
  await publisher.publish(asyncv, saying('one', []))
  const events = asyncv.releases.preview({ document: saying('one', []), text: 'hi' })[Symbol.asyncIterator]()
  expect((await events.next()).value).toMatchObject({ type: 'text.delta' })
  await publisher.publish(asyncv, saying('two', []))
  const begun = performance.now()
  await asyncv.stop({ drainMs: 0 })
  expect(performance.now() - begun).toBeLessThan(3_000)
})

test('a start that fails closes what the release in force was made into for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-in-use-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const storage = () => ({ storage: sqlite(join(folder, 'asyncv.db')) })
  const where = new Platforms()
  const first = releasable(where, [publisher], storage())
  await first.start()
  await publisher.publish(first, saying('hi', []))
  await first.stop()
  where.said.length = 0
  const broken = { ...fakeConnector(), start: () => Promise.reject(new Error('No network.')) }
  const mine = {
    connectors: { mine: broken },
    agents: [{ name: 'own', model: 'own/any' }],
    providers: { own: scripted([]) },
    routes: [{ connector: 'mine', agent: 'own' }],
  }
  await expect(releasable(where, [publisher], { ...storage(), ...mine }).start()).rejects.toThrow('No network.')
  expect(where.said).toEqual(['close hi'])
})
