import { expect, onTestFinished, test } from 'vitest'
import { createAsyncv } from '../asyncv.ts'
import { sqlite } from '../sqlite/index.ts'
import { Platforms, Publisher, saying } from '../testing/publisher.fixture.ts'

test('the file is in force as long as nobody else publishes, and again when somebody publishes what it says', async () => {
  const { definitions } = new Platforms()
  const publisher = new Publisher()
  const file = { ...saying('file', []), schemaVersion: 1 as const }
  const asyncv = createAsyncv({
    storage: sqlite(':memory:'),
    agents: [{ name: 'coded', model: 'offline/demo' }],
    definitions: async () => definitions,
    releases: { trust: { publishers: () => [publisher.trusted] }, file },
  })
  await asyncv.start()
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  const told = async () => {
    const { fileInForce } = await asyncv.releases.state()
    const release = (await asyncv.ready()).checks.find(({ name }) => name === 'release')
    return [fileInForce, release?.detail?.split('; ')[1] ?? null]
  }
  expect(await told()).toEqual([true, null])
  await publisher.publish(asyncv, saying('released', []))
  expect(await told()).toEqual([
    false,
    'the configuration file said something else when it was read: "asyncv deploy" puts in force what it says',
  ])
  await publisher.publish(asyncv, file)
  expect(await told()).toEqual([true, 'the configuration file said the same when it was read'])
})
