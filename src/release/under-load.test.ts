import { expect, onTestFinished, test } from 'vitest'
import { Platforms, Publisher, releasable, saying } from '../testing/publisher.fixture.ts'

const messages = 500
const releases = 50

test('500 messages go through during 50 releases: none is lost or answered twice, and an unchanged connector stays connected', {
  timeout: 60_000,
}, async () => {
  const platforms = new Platforms()
  const publisher = new Publisher()
  const asyncv = releasable(platforms, [publisher])
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  const states: string[] = []
  asyncv.on('task.failed', ({ error }) => void states.push(error.message))
  // One connector that never changes, and one that is restarted by each release.
  const document = (n: number) => ({
    ...saying(`release ${n}`, ['fake:1', 'fake:2']),
    connectors: {
      chat0: { type: 'chat', options: { account: 'fake:1' } },
      chat1: { type: 'chat', options: { account: 'fake:2', webhook: { url: `https://me.example/${n}` } } },
    },
  })
  await publisher.publish(asyncv, document(0))
  const [steady, restarted] = [platforms.chat('fake:1'), platforms.chat('fake:2')]

  async function talk(): Promise<void> {
    for (let n = 0; n < messages; n++) {
      const person = `person-${n % 20}`
      const chat = n % 2 === 0 ? steady : restarted
      await chat.say(person, `message ${n}`)
    }
  }
  async function publish(): Promise<void> {
    for (let n = 1; n <= releases; n++) {
      await publisher.publish(asyncv, document(n))
      // As long as a few messages take, so that the two are mixed.
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  await Promise.all([talk(), publish()])
  expect((await asyncv.releases.state()).current?.revision).toBe(releases + 1)

  const settled = async () => {
    const { tasks, deliveries } = await asyncv.stats()
    return tasks.queued + tasks.running + deliveries.pending + deliveries.sending + deliveries.retrying
  }
  await expect.poll(settled, { timeout: 30_000 }).toBe(0)
  expect(states).toEqual([])
  expect(steady.acknowledged).toHaveLength(messages / 2)
  expect(restarted.acknowledged).toHaveLength(messages / 2)
  // Each message has its answer, or was taken up by the task that answered the one before it.
  const { ended, accepted } = await asyncv.stats()
  expect(accepted).toBe(messages)
  const sent = [...steady.sent, ...restarted.sent]
  expect(sent).toHaveLength(ended.done)
  expect(new Set(sent.map(({ key }) => key)).size).toBe(sent.length)
  let absorbed = 0
  for (let cursor: string | undefined; ; ) {
    const page = await asyncv.tasks({ state: 'absorbed', limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    absorbed += page.data.length
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  expect(ended.done + absorbed).toBe(messages)
  // Several releases answered, each with its own words.
  expect(new Set(sent.map(({ text }) => text)).size).toBeGreaterThan(5)
  expect(platforms.said.filter((said) => said === 'start fake:1')).toHaveLength(1)
  expect(platforms.said).not.toContain('stop fake:1')
  expect(platforms.said.filter((said) => said === 'start fake:2')).toHaveLength(releases + 1)
})
