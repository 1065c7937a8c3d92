/** Claims: in one session one task runs at a time, the oldest first. */
import assert from 'node:assert/strict'
import { accept, begin, claim, deliveryOf, fenceOf, finishOf, type Scene, stepOf } from './scene.ts'

export const claiming: Record<string, (scene: Scene) => Promise<void>> = {
  async 'starts the oldest queued task of a session, and counts the attempt'(scene) {
    const { session, task } = await accept(scene)
    await accept(scene)
    scene.at = 2_000
    assert.equal((await claim(scene, session)).id, task)
    const started = await scene.storage.task(task)
    assert.deepEqual([started?.state, started?.attempt, started?.startedAt], ['running', 1, 2_000])
  },

  async 'starts nothing in a session that has nothing queued'(scene) {
    const { session } = await accept(scene)
    const started = await claim(scene, session)
    await scene.storage.finish(finishOf(scene, { session, fence: fenceOf(started) }))
    assert.equal(await scene.storage.claim(session, scene.at), null)
    assert.equal(await scene.storage.claim('unknown', scene.at), null)
  },

  async 'starts nothing while a task of the session runs'(scene) {
    const { session } = await begin(scene)
    const { task } = await accept(scene)
    assert.equal(await scene.storage.claim(session, scene.at), null)
    assert.equal((await scene.storage.task(task))?.state, 'queued')
  },

  async 'starts one task when two claim at once'(scene) {
    const { session } = await accept(scene)
    await accept(scene)
    const claims = await Promise.all([scene.storage.claim(session, scene.at), scene.storage.claim(session, scene.at)])
    assert.equal(claims.filter((task) => task !== null).length, 1)
    assert.equal((await scene.storage.tasks({ state: 'running' })).data.length, 1)
  },

  async 'starts nothing while a later task runs, though an earlier one was queued again'(scene) {
    const first = await accept(scene)
    await scene.storage.cancel(first.task, scene.at)
    await begin(scene)
    await scene.storage.retry(first.task, { task: 'unused', message: 'unused' }, scene.at)
    assert.equal((await scene.storage.task(first.task))?.state, 'queued')
    assert.equal(await scene.storage.claim(first.session, scene.at), null)
  },

  async 'starts tasks of different sessions side by side'(scene) {
    const one = await accept(scene, { address: 'tg:1:1:-' })
    const other = await accept(scene, { address: 'tg:1:2:-' })
    assert.equal((await claim(scene, one.session)).id, one.task)
    assert.equal((await claim(scene, other.session)).id, other.task)
  },

  async 'brings along what earlier attempts did: steps, placeholder, number of deliveries'(scene) {
    const { storage } = scene
    const { session, fence } = await begin(scene)
    const call = { callId: 'c1', args: { city: 'Łódź' } }
    const tool = stepOf(2, {
      kind: 'tool',
      state: 'started',
      name: 'pay',
      effect: 'once',
      call,
      result: null,
      endedAt: null,
    })
    await storage.journal(fence, [stepOf(1), tool])
    await storage.post([deliveryOf(fence.task, 0), deliveryOf(fence.task, 1, { body: [], state: 'sending' })], scene.at)
    await storage.handBack(fence, [], scene.at)
    const again = await claim(scene, session)
    assert.equal(again.attempt, 2)
    const of = { task: fence.task, attempt: 1 }
    assert.deepEqual(again.steps, [
      { ...stepOf(1), ...of },
      { ...tool, ...of },
    ])
    assert.deepEqual([again.draft?.part, again.draft?.target], [1, null])
    assert.equal(again.parts, 1)
  },

  async 'numbers new deliveries behind a placeholder that was discarded'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    await storage.post([deliveryOf(running.task, 0, { body: [], state: 'sending' })], scene.at)
    await storage.finish(finishOf(scene, running, { outcome: 'failed' }))
    await storage.retry(running.task, { task: 'unused', message: 'unused' }, scene.at)
    const again = await claim(scene, running.session)
    assert.deepEqual([again.draft, again.parts], [null, 1])
  },

  async 'tells that a task was to be cancelled before it starts again'(scene) {
    const { session, fence, task } = await begin(scene)
    await scene.storage.cancel(task, scene.at)
    await scene.storage.handBack(fence, [], scene.at)
    assert.equal((await claim(scene, session)).cancelRequested, true)
  },
}
