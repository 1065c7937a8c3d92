/** The journal: a finished step stays as it was, and a write of an attempt that is over is refused. */
import assert from 'node:assert/strict'
import { accept, begin, claim, fenceOf, finishOf, refused, type Scene, stepOf } from './scene.ts'

const toolCall = { kind: 'tool', name: 'pay', effect: 'once', call: { callId: 'c1', args: {} } } as const

export const journaling: Record<string, (scene: Scene) => Promise<void>> = {
  async 'keeps steps in the order of their numbers, as they were written'(scene) {
    const { fence, task } = await begin(scene)
    const result = { text: 'a "quoted" 词', calls: [{ callId: 'c', args: { deep: [1, null, { x: true }] } }] }
    await scene.storage.journal(fence, [stepOf(2, { ...toolCall, result: null }), stepOf(1, { result })])
    const steps = await scene.storage.steps(task)
    assert.deepEqual(steps, [
      { ...stepOf(1, { result }), task, attempt: 1 },
      { ...stepOf(2, { ...toolCall, result: null }), task, attempt: 1 },
    ])
  },

  async 'writes all steps of one call or none'(scene) {
    const { fence, task } = await begin(scene)
    const broken = { ...stepOf(2), kind: 'unheard-of' as 'model' }
    await assert.rejects(scene.storage.journal(fence, [stepOf(1), broken]), { code: 'internal' })
    assert.deepEqual(await scene.storage.steps(task), [])
  },

  async 'ends a step that was started'(scene) {
    const { fence, task } = await begin(scene)
    for (const state of ['done', 'unknown'] as const) {
      const n = state === 'done' ? 1 : 2
      await scene.storage.journal(fence, [stepOf(n, { ...toolCall, state: 'started', result: null, endedAt: null })])
      await scene.storage.journal(fence, [stepOf(n, { ...toolCall, state, result: 'told', endedAt: 1_500 })])
      const step = (await scene.storage.steps(task)).at(-1)
      assert.deepEqual([step?.state, step?.result, step?.startedAt, step?.endedAt], [state, 'told', 1_000, 1_500])
    }
  },

  async 'never changes a step that has ended'(scene) {
    const { fence, task } = await begin(scene)
    for (const state of ['done', 'unknown'] as const) {
      const n = state === 'done' ? 1 : 2
      await scene.storage.journal(fence, [stepOf(n, { ...toolCall, state, result: 'first' })])
      await scene.storage.journal(fence, [stepOf(n, { ...toolCall, result: 'second' })])
      await scene.storage.journal(fence, [stepOf(n, { ...toolCall, state: 'started', result: null, endedAt: null })])
      const step = (await scene.storage.steps(task)).at(-1)
      assert.deepEqual([step?.state, step?.result], [state, 'first'])
    }
  },

  async 'settles a call that was handed back unknown, once its effect is found out'(scene) {
    const { fence, task, session } = await begin(scene)
    await scene.storage.handBack(fence, [stepOf(1, { ...toolCall, state: 'unknown', result: null })], scene.at)
    const again = fenceOf(await claim(scene, session))
    await scene.storage.journal(again, [stepOf(1, { ...toolCall, result: 'paid' })])
    const [step] = await scene.storage.steps(task)
    assert.deepEqual([step?.state, step?.result, step?.attempt], ['done', 'paid', 2])
  },

  async 'refuses the writes of an attempt that is over'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { session, fence, task } = running
    await accept(scene, { whenBusy: 'steer' })
    await storage.handBack(fence, [], scene.at)
    await claim(scene, session)
    await refused(storage.journal(fence, [stepOf(1)]))
    await refused(storage.absorb(fence, 1, scene.at))
    await refused(storage.handBack(fence, [stepOf(1)], scene.at))
    await refused(storage.finish(finishOf(scene, running, { steps: [stepOf(1)], next: 'claim' })))
    assert.deepEqual(await storage.steps(task), [])
    assert.deepEqual([(await storage.task(task))?.state, (await storage.task(task))?.attempt], ['running', 2])
    assert.deepEqual(await storage.history(session, 1_000), [])
  },

  async 'refuses the writes of a task that has ended, and of one that nobody knows'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    await storage.finish(finishOf(scene, running))
    await refused(storage.journal(running.fence, [stepOf(1)]))
    await refused(storage.handBack(running.fence, [], scene.at))
    await refused(storage.journal({ task: 'unknown', attempt: 1 }, [stepOf(1)]))
  },

  async 'refuses the writes of a process that died'(scene) {
    const { fence } = await begin(scene)
    await scene.die()
    await scene.storage.recover(scene.at)
    await refused(scene.storage.journal(fence, [stepOf(1)]))
  },

  async 'hands a running task back without counting a crash'(scene) {
    const { fence, task, session } = await begin(scene)
    await scene.storage.handBack(fence, [stepOf(1)], scene.at)
    const queued = await scene.storage.task(task)
    assert.deepEqual([queued?.state, queued?.crashes, queued?.startedAt], ['queued', 0, null])
    const again = await claim(scene, session)
    assert.deepEqual([again.attempt, again.crashes, again.alone, again.steps.length], [2, 0, false, 1])
  },
}
