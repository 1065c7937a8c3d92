import { expect, onTestFinished, test } from 'vitest'
import type { Asyncv } from '../api.ts'
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
