/** What happened, as it is written down for readers that come back. */
import assert from 'node:assert/strict'
import { accept, arrivalOf, begin, claim, deliveryOf, fenceOf, finishOf, type Scene } from './scene.ts'

export const events: Record<string, (scene: Scene) => Promise<void>> = {
  async 'writes down what happens to a message, in order, with what it concerns'(scene) {
    const running = await begin(scene)
    const answer = { ...deliveryOf(running.task, 0), state: 'sending' as const }
    await scene.storage.finish(finishOf(scene, running, { deliveries: [answer] }))
    await scene.storage.settle({ id: answer.id, attempt: 1, target: null }, { type: 'sent', target: '9' }, scene.at)
    const [received, finished, sent, ...others] = await eventsOf(scene)
    const concerns = { task: running.task, session: running.session, agent: 'support', error: null, into: null }
    assert.deepEqual(
      [received, finished, sent].map((event) => ({ ...event, id: 0 })),
      [
        { id: 0, at: scene.at, type: 'message.received', message: running.message, delivery: null, destination: null },
        { id: 0, at: scene.at, type: 'task.finished', message: running.message, delivery: null, destination: null },
        {
          id: 0,
          at: scene.at,
          type: 'delivery.sent',
          message: null,
          delivery: answer.id,
          destination: answer.destination,
        },
      ].map((event) => ({ ...event, ...concerns })),
    )
    assert.deepEqual(others, [])
  },

  async 'tells of a task that fails why, and of one that is cancelled or queued again'(scene) {
    const running = await begin(scene)
    const error = { code: 'provider_denied' as const, message: 'bad key', retryable: false }
    await scene.storage.finish(finishOf(scene, running, { outcome: 'failed', error }))
    await scene.storage.retry(running.task, { task: 'n1', message: 'n2' }, scene.at)
    const fence = fenceOf(await claim(scene, running.session))
    await scene.storage.finish(finishOf(scene, { ...running, fence }, { outcome: 'cancelled' }))
    assert.deepEqual(
      (await eventsOf(scene)).map(({ type, error: why }) => [type, why?.code ?? null]),
      [
        ['message.received', null],
        ['task.failed', null],
        ['task.requeued', null],
        ['task.cancelled', null],
      ].map(([type, code]) => [type, type === 'task.failed' ? 'provider_denied' : code]),
    )
  },

  async 'what a death leaves running is told of when it is queued again'(scene) {
    const running = await begin(scene)
    const before = await scene.storage.eventRange()
    await scene.die()
    await scene.storage.recover(scene.at)
    assert.deepEqual(await typesOf(scene, before?.last), ['task.requeued'])
    assert.equal((await eventsOf(scene, before?.last))[0]?.task, running.task)
  },

  async 'shows a space and agents what concerns them'(scene) {
    const { storage } = scene
    const arrival = arrivalOf(scene, { address: 'api:sales:support:u' })
    await storage.accept({ ...arrival, session: { ...arrival.session, space: 'sales' } })
    const other = await accept(scene)
    const upTo = (await storage.eventRange())?.last ?? 0
    const tasks = async (within: { space?: string; agents?: string[] }) =>
      (await storage.events({ after: 0, upTo, limit: 10, ...within })).map(({ task }) => task)
    assert.deepEqual(await tasks({ space: 'sales' }), [arrival.task.id])
    assert.deepEqual(await tasks({ space: 'default' }), [other.task])
    assert.deepEqual(await tasks({ agents: ['billing'] }), [])
    assert.deepEqual(await tasks({}), [arrival.task.id, other.task])
  },

  async 'forgets what is old, and gives no number twice'(scene) {
    const { storage } = scene
    await accept(scene)
    scene.at += 1_000
    await accept(scene)
    const all = await storage.eventRange()
    assert.equal(await storage.pruneEvents(scene.at), false)
    assert.deepEqual(await storage.eventRange(), { first: all?.last, last: all?.last })
    await storage.pruneEvents(scene.at + 1)
    assert.deepEqual(await storage.eventRange(), { first: all?.last, last: all?.last }, 'the last one is forgotten')
    await accept(scene)
    assert.ok(((await storage.eventRange())?.last ?? 0) > (all?.last ?? 0))
  },

  async 'forgets with what is old all that came before it, also when a clock went back, so that what is kept has no gap'(
    scene,
  ) {
    const { storage } = scene
    for (const at of [1_000, 3_000, 2_000, 3_000]) {
      scene.at = at
      await accept(scene)
    }
    const all = await storage.eventRange()
    assert.equal(await storage.pruneEvents(2_500), false)
    assert.deepEqual(await storage.eventRange(), { first: all?.last, last: all?.last })
  },
}

async function eventsOf({ storage }: Scene, after = 0) {
  const upTo = (await storage.eventRange())?.last ?? 0
  return storage.events({ after, upTo, limit: 100 })
}

async function typesOf(scene: Scene, after = 0): Promise<string[]> {
  return (await eventsOf(scene, after)).map(({ type }) => type)
}
