/** Cancelling: what never ran ends at once, what runs or ran before is told, what has ended stays. */
import assert from 'node:assert/strict'
import { accept, begin, claim, deliveryOf, fenceOf, finishOf, type Scene } from './scene.ts'

export const cancelling: Record<string, (scene: Scene) => Promise<void>> = {
  async 'cancels a queued task, which then never starts and leaves no turn'(scene) {
    const { storage } = scene
    const { session, task } = await accept(scene)
    scene.at = 2_000
    assert.deepEqual(await storage.cancel(task, scene.at), { type: 'cancelled', session })
    const cancelled = await storage.task(task)
    assert.deepEqual([cancelled?.state, cancelled?.endedAt], ['cancelled', 2_000])
    assert.equal(await storage.claim(session, scene.at), null)
    assert.deepEqual(await storage.history(session, 1_000), [])
  },

  async 'keeps the wish to cancel a running task through a death'(scene) {
    const { session, task } = await begin(scene)
    assert.deepEqual(await scene.storage.cancel(task, scene.at), { type: 'requested', session })
    assert.equal((await scene.storage.task(task))?.state, 'running')
    await scene.die()
    await scene.storage.recover(scene.at)
    assert.equal((await scene.storage.claim(session, scene.at))?.cancelRequested, true)
  },

  async 'cancels a queued task or finds it running, never both, when it is claimed at the same time'(scene) {
    const { storage } = scene
    const { session, task } = await accept(scene)
    const [cancelled, claimed] = await Promise.all([storage.cancel(task, scene.at), storage.claim(session, scene.at)])
    assert.deepEqual([cancelled?.type, claimed], ['cancelled', null])
    const other = await accept(scene, { address: 'tg:1:other:-' })
    const [started, wish] = await Promise.all([
      storage.claim(other.session, scene.at),
      storage.cancel(other.task, scene.at),
    ])
    assert.deepEqual([started?.id, wish?.type], [other.task, 'requested'])
  },

  async 'says how a task ended that cannot be cancelled any more'(scene) {
    const { storage } = scene
    for (const outcome of ['done', 'failed', 'cancelled'] as const) {
      const running = await begin(scene)
      await storage.finish(finishOf(scene, running, { outcome }))
      assert.deepEqual(await storage.cancel(running.task, scene.at), { type: 'ended', state: outcome })
    }
  },

  async 'leaves an absorbed message to the task that answers it'(scene) {
    const { storage } = scene
    const { fence } = await begin(scene)
    const { task } = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(fence, 1, scene.at)
    assert.deepEqual(await storage.cancel(task, scene.at), { type: 'ended', state: 'absorbed' })
  },

  async 'knows nothing of a task that is not there'(scene) {
    assert.equal(await scene.storage.cancel('unknown', scene.at), null)
  },

  async 'a task that ran before is not cancelled in the queue: what it took up has to be queued again'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { session, task } = running
    const { task: taken } = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(running.fence, 1, scene.at)
    await scene.die()
    await scene.storage.recover(scene.at)
    assert.deepEqual(await scene.storage.cancel(task, scene.at), { type: 'requested', session })
    assert.equal((await scene.storage.task(task))?.state, 'queued')
    const again = await claim(scene, session)
    assert.deepEqual([again.id, again.cancelRequested], [task, true])
    const end = finishOf(scene, { session, fence: fenceOf(again) }, { outcome: 'cancelled' })
    assert.deepEqual((await scene.storage.finish(end)).requeued, [taken])
    assert.equal((await scene.storage.history(session, 1_000)).length, 1)
  },

  async 'keeps the placeholder of a task that ran before, for the commit that ends it'(scene) {
    const { storage } = scene
    const { fence, task, session } = await begin(scene)
    const draft = deliveryOf(task, 0, { body: [], state: 'sending' })
    await storage.post([draft], scene.at)
    await storage.place(draft.id, '99')
    await storage.handBack(fence, [], scene.at)
    assert.deepEqual(await storage.cancel(task, scene.at), { type: 'requested', session })
    const again = await claim(scene, session)
    assert.deepEqual([again.cancelRequested, again.draft?.id], [true, draft.id])
  },

  async 'forgets the wish when the task is retried'(scene) {
    const { storage } = scene
    const { fence, task, session } = await begin(scene)
    await storage.handBack(fence, [], scene.at)
    await storage.cancel(task, scene.at)
    const again = await claim(scene, session)
    await storage.finish(finishOf(scene, { session, fence: fenceOf(again) }, { outcome: 'cancelled' }))
    await storage.retry(task, { task: 'unused', message: 'unused' }, scene.at)
    assert.equal((await claim(scene, session)).cancelRequested, false)
  },
}
