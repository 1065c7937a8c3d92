/** Taking up: a running task answers for messages that came meanwhile, unless it fails before its model saw them. */
import assert from 'node:assert/strict'
import { accept, begin, claim, commandOf, fenceOf, finishOf, type Scene, stepOf, text } from './scene.ts'

export const absorbing: Record<string, (scene: Scene) => Promise<void>> = {
  async 'takes up the queued messages that ask for it, in their order, each as an input step'(scene) {
    const { storage } = scene
    const { fence, task } = await begin(scene)
    const one = await accept(scene, { whenBusy: 'steer', words: 'one' })
    const own = await accept(scene, { whenBusy: 'queue', words: 'own' })
    const two = await accept(scene, { whenBusy: 'steer', words: 'two' })
    scene.at = 2_000
    const taken = await storage.absorb(fence, 4, scene.at)
    const expected = [
      { task: one.task, message: { id: one.message, parts: text('one') } },
      { task: two.task, message: { id: two.message, parts: text('two') } },
    ]
    assert.deepEqual(taken, expected)
    const absorbed = await storage.task(one.task)
    assert.deepEqual([absorbed?.state, absorbed?.into, absorbed?.endedAt], ['absorbed', task, 2_000])
    assert.equal((await storage.task(own.task))?.state, 'queued')
    const steps = await storage.steps(task)
    assert.deepEqual(
      steps.map(({ n, kind, state, result }) => ({ n, kind, state, result })),
      [
        { n: 4, kind: 'input', state: 'done', result: { task: one.task, message: one.message, parts: text('one') } },
        { n: 5, kind: 'input', state: 'done', result: { task: two.task, message: two.message, parts: text('two') } },
      ],
    )
  },

  async 'takes up nothing when nothing asks for it'(scene) {
    const { fence, task } = await begin(scene)
    await accept(scene, { whenBusy: 'steer', address: 'tg:1:other:-' })
    assert.deepEqual(await scene.storage.absorb(fence, 1, scene.at), [])
    assert.deepEqual(await scene.storage.steps(task), [])
  },

  async 'leaves a task that ran before to itself'(scene) {
    const { storage } = scene
    const first = await begin(scene, { whenBusy: 'steer' })
    await storage.finish(finishOf(scene, first, { outcome: 'failed' }))
    const second = await begin(scene)
    await storage.retry(first.task, { task: 'unused', message: 'unused' }, scene.at)
    assert.deepEqual(await storage.absorb(second.fence, 1, scene.at), [])
    assert.equal((await storage.task(first.task))?.state, 'queued')
  },

  async 'leaves a message that was to be cancelled to its end'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(running.fence, 1, scene.at)
    await storage.carryOut(commandOf(scene, 'cancel-open'))
    await storage.finish(finishOf(scene, running, { outcome: 'cancelled' }))
    await storage.retry(running.task, { task: 'unused', message: 'unused' }, scene.at)
    const again = await claim(scene, running.session)
    assert.equal(again.id, running.task)
    assert.deepEqual(await storage.absorb(fenceOf(again), 1, scene.at), [])
  },

  async 'leaves what it answered absorbed when it is done'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { task } = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(running.fence, 1, scene.at)
    const { requeued, more } = await storage.finish(finishOf(scene, running))
    assert.deepEqual([requeued, more], [[], false])
    assert.equal((await storage.task(task))?.state, 'absorbed')
  },

  async 'queues again what no finished model step saw, when it fails or is cancelled'(scene) {
    const { storage } = scene
    for (const outcome of ['failed', 'cancelled'] as const) {
      const running = await begin(scene, { address: `tg:1:${outcome}:-` })
      const said = { whenBusy: 'steer', address: `tg:1:${outcome}:-` } as const
      const seen = await accept(scene, said)
      await storage.absorb(running.fence, 1, scene.at)
      await storage.journal(running.fence, [stepOf(2)])
      const unseen = await accept(scene, said)
      await storage.absorb(running.fence, 3, scene.at)
      const { requeued, more } = await storage.finish(finishOf(scene, running, { outcome }))
      assert.deepEqual([requeued, more], [[unseen.task], true])
      assert.equal((await storage.task(seen.task))?.state, 'absorbed')
      const again = await storage.task(unseen.task)
      assert.deepEqual([again?.state, again?.into, again?.endedAt], ['queued', null, null])
    }
  },

  async 'counts a model step that the last commit brings as one that saw the message'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { task } = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(running.fence, 1, scene.at)
    const { requeued } = await storage.finish(finishOf(scene, running, { outcome: 'failed', steps: [stepOf(2)] }))
    assert.deepEqual(requeued, [])
    assert.equal((await storage.task(task))?.state, 'absorbed')
  },

  async 'queues all of it again when no model step had finished, and may start the first of it at once'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const one = await accept(scene, { whenBusy: 'steer' })
    const two = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(running.fence, 1, scene.at)
    const ended = await storage.finish(finishOf(scene, running, { outcome: 'failed', next: 'claim' }))
    assert.deepEqual([...ended.requeued].sort(), [one.task, two.task].sort())
    assert.deepEqual([ended.next?.id, ended.next?.message.id, ended.more], [one.task, one.message, true])
  },

  async 'is not answered twice: a task that is run again has forgotten what was queued again'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { session, task, fence } = running
    await storage.journal(fence, [stepOf(1)])
    const other = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(fence, 2, scene.at)
    await storage.finish(finishOf(scene, running, { outcome: 'failed' }))
    await storage.retry(task, { task: 'unused', message: 'unused' }, scene.at)
    const again = await claim(scene, session)
    assert.deepEqual([again.id, again.steps.map(({ n }) => n)], [task, [1]])
    await storage.finish(finishOf(scene, { session, fence: fenceOf(again) }, { outcome: 'failed' }))
    assert.equal((await claim(scene, session)).id, other.task)
  },

  async 'stays taken up when the process dies and the task goes on'(scene) {
    const { session, fence, task } = await begin(scene)
    const other = await accept(scene, { whenBusy: 'steer', words: 'more' })
    await scene.storage.absorb(fence, 1, scene.at)
    await scene.die()
    await scene.storage.recover(scene.at)
    const again = await claim(scene, session)
    assert.equal(again.id, task)
    assert.deepEqual(again.steps[0]?.result, { task: other.task, message: other.message, parts: text('more') })
  },
}
