/** The finish commit: turn, end, deliveries and the next claim, all or nothing, once. */
import assert from 'node:assert/strict'
import type { ErrorRecord } from '../../errors.ts'
import {
  accept,
  address,
  begin,
  claim,
  deliveryOf,
  fenceOf,
  finishOf,
  refused,
  type Scene,
  stepOf,
  text,
} from './scene.ts'

const error: ErrorRecord = { code: 'provider_unavailable', message: 'The model service is away.', retryable: true }

export const finishing: Record<string, (scene: Scene) => Promise<void>> = {
  async 'ends a task: its reply, its usage, its steps, its turn and its deliveries are there'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { task, session } = running
    scene.at = 2_000
    const delivery = deliveryOf(task, 0, { state: 'sending' })
    const ended = finishOf(scene, running, {
      reply: 'the answer',
      steps: [stepOf(1)],
      deliveries: [delivery],
      tokens: 12,
    })
    assert.deepEqual(await storage.finish(ended), { next: null, more: false, requeued: [] })
    const done = await storage.task(task)
    assert.deepEqual(
      [done?.state, done?.reply, done?.error, done?.usage, done?.endedAt],
      ['done', text('the answer'), null, { inputTokens: 3, outputTokens: 2 }, 2_000],
    )
    assert.equal((await storage.steps(task)).length, 1)
    const { messages } = ended.turn
    assert.deepEqual(await storage.history(session, 1_000), [{ seq: 1, task, messages: [...messages], tokens: 12 }])
    assert.deepEqual(await storage.delivery(delivery.id), {
      id: delivery.id,
      key: `${task}/0`,
      task,
      message: null,
      part: 0,
      kind: 'answer',
      destination: address,
      seq: 1,
      target: null,
      body: text('part 0'),
      state: 'sending',
      attempt: 1,
      nextAt: null,
      uncertainCount: 0,
      error: null,
      createdAt: 2_000,
      retriedAt: null,
      settledAt: null,
    })
  },

  async 'keeps what was finished when the process dies'(scene) {
    const running = await begin(scene)
    const delivery = deliveryOf(running.task)
    await scene.storage.finish(finishOf(scene, running, { deliveries: [delivery] }))
    await scene.die()
    assert.equal((await scene.storage.task(running.task))?.state, 'done')
    assert.equal((await scene.storage.delivery(delivery.id))?.state, 'pending')
  },

  async 'tells why a task failed, and gives no reply'(scene) {
    const running = await begin(scene)
    await scene.storage.finish(finishOf(scene, running, { outcome: 'failed', error }))
    const failed = await scene.storage.task(running.task)
    assert.deepEqual([failed?.state, failed?.error, failed?.reply], ['failed', error, null])
    assert.equal((await scene.storage.history(running.session, 1_000)).length, 1)
  },

  async 'ends a task once: what finishes second is refused and leaves nothing'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const deliveries = [deliveryOf(running.task)]
    const both = await Promise.allSettled([
      storage.finish(finishOf(scene, running, { deliveries })),
      storage.finish(finishOf(scene, running, { outcome: 'failed', error, deliveries: [deliveryOf(running.task, 1)] })),
    ])
    assert.deepEqual(
      both.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    )
    assert.equal((await storage.task(running.task))?.state, 'done')
    assert.equal((await storage.history(running.session, 1_000)).length, 1)
    assert.equal((await storage.deliveries({})).data.length, 1)
  },

  async 'keeps nothing of an end that cannot be written whole'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { task, session } = running
    const first = deliveryOf(task, 0)
    const clash = [first, deliveryOf(task, 1, { id: first.id })]
    const rejected = storage.finish(finishOf(scene, running, { steps: [stepOf(1)], deliveries: clash }))
    await assert.rejects(rejected, { name: 'AsyncvError', code: 'internal', retryable: false })
    assert.equal((await storage.task(task))?.state, 'running')
    assert.deepEqual(await storage.steps(task), [])
    assert.deepEqual(await storage.history(session, 1_000), [])
    assert.deepEqual((await storage.deliveries({})).data, [])
    await storage.finish(finishOf(scene, running))
  },

  async 'starts the next task of the session in the same commit, when asked to'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const second = await accept(scene, { words: 'second' })
    await accept(scene)
    scene.at = 2_000
    const { next, more } = await storage.finish(finishOf(scene, running, { next: 'claim' }))
    assert.deepEqual([next?.id, next?.attempt, next?.message.parts, more], [second.task, 1, text('second'), true])
    const started = await storage.task(second.task)
    assert.deepEqual([started?.state, started?.startedAt], ['running', 2_000])
    const last = await storage.finish(
      finishOf(scene, { ...running, fence: { task: second.task, attempt: 1 } }, { next: 'claim' }),
    )
    assert.equal(last.more, false)
  },

  async 'starts nothing when not asked to, and tells that there is more'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { task } = await accept(scene)
    await accept(scene, { address: 'tg:1:other:-' })
    assert.deepEqual(await storage.finish(finishOf(scene, running)), { next: null, more: true, requeued: [] })
    assert.equal((await storage.task(task))?.state, 'queued')
  },

  async 'does not look at the queue when nothing is known to wait there'(scene) {
    const running = await begin(scene)
    const { task } = await accept(scene)
    const ended = await scene.storage.finish(finishOf(scene, running, { next: 'nothing' }))
    assert.deepEqual(ended, { next: null, more: false, requeued: [] })
    assert.equal((await claim(scene, running.session)).id, task)
  },

  async 'tells that nothing is left when the queued tasks are another session’s'(scene) {
    const running = await begin(scene)
    await accept(scene, { address: 'tg:1:other:-' })
    assert.equal((await scene.storage.finish(finishOf(scene, running))).more, false)
  },

  async 'orders the history by the end of tasks'(scene) {
    const { storage } = scene
    const first = await begin(scene)
    const second = await accept(scene)
    await storage.finish(finishOf(scene, first))
    const { session } = first
    const started = await claim(scene, session)
    await storage.finish(finishOf(scene, { session, fence: fenceOf(started) }))
    const turns = await storage.history(session, 1_000)
    assert.deepEqual(
      turns.map(({ seq, task }) => [seq, task]),
      [
        [1, first.task],
        [2, second.task],
      ],
    )
  },

  async 'orders deliveries of one destination, whoever writes them, without a gap that two could fill'(scene) {
    const { storage } = scene
    const sessions = ['tg:1:a:-', 'tg:1:b:-', 'tg:1:c:-']
    const running = await Promise.all(sessions.map((of) => begin(scene, { address: of })))
    const drafts = running.map(({ task }) => [deliveryOf(task, 0), deliveryOf(task, 1)])
    await Promise.all(
      running.map((task, index) => storage.finish(finishOf(scene, task, { deliveries: drafts[index] ?? [] }))),
    )
    const written = await Promise.all(drafts.flat().map(({ id }) => storage.delivery(id)))
    assert.deepEqual(
      written.map((delivery) => delivery?.seq),
      [1, 2, 3, 4, 5, 6],
    )
  },

  async 'keeps the first delivery of a key'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const first = deliveryOf(running.task, 0)
    await storage.post([first], scene.at)
    const again = { ...deliveryOf(running.task, 0), body: text('another') }
    await storage.finish(finishOf(scene, running, { deliveries: [again] }))
    assert.deepEqual(
      (await storage.deliveries({})).data.map(({ id, body }) => [id, body]),
      [[first.id, first.body]],
    )
  },

  async 'can be cut short by nobody: a wish to cancel that comes first does not refuse the end'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const [wish, end] = await Promise.all([
      storage.cancel(running.task, scene.at),
      storage.finish(finishOf(scene, running)),
    ])
    assert.deepEqual(wish, { type: 'requested', session: running.session })
    assert.deepEqual(end.requeued, [])
    assert.equal((await storage.task(running.task))?.state, 'done')
  },

  async 'is the end: a wish to cancel that comes second changes nothing'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const [, wish] = await Promise.all([
      storage.finish(finishOf(scene, running)),
      storage.cancel(running.task, scene.at),
    ])
    assert.deepEqual(wish, { type: 'ended', state: 'done' })
    assert.equal((await storage.task(running.task))?.state, 'done')
  },

  async 'refuses the end of a task that never ran'(scene) {
    const { task, session } = await accept(scene)
    for (const attempt of [0, 1]) {
      await refused(scene.storage.finish(finishOf(scene, { session, fence: { task, attempt } })))
    }
    assert.equal((await scene.storage.task(task))?.state, 'queued')
  },
}
