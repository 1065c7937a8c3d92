/** Recovery: what a dead owner left behind becomes work again, and a death is counted once. */
import assert from 'node:assert/strict'
import { accept, address, begin, claim, deliveryOf, fenceOf, finishOf, type Scene, stepOf, text } from './scene.ts'

const error = { code: 'connector_failed', message: 'away' } as const

async function dieAndRecover(scene: Scene) {
  await scene.die()
  return scene.storage.recover(scene.at)
}

export const recovering: Record<string, (scene: Scene) => Promise<void>> = {
  async 'finds nothing to do in an empty storage'(scene) {
    const nothing = { interrupted: 0, uncertain: 0, lanes: [], destinations: [] }
    assert.deepEqual(await scene.storage.recover(scene.at), nothing)
  },

  async 'queues again what was running, to run alone; the first death is not held against it'(scene) {
    const { session, task, fence } = await begin(scene)
    await scene.storage.journal(fence, [stepOf(1)])
    const { interrupted, lanes } = await dieAndRecover(scene)
    assert.equal(interrupted, 1)
    assert.deepEqual(lanes, [{ session, address, alone: true, open: 1 }])
    const again = await claim(scene, session)
    assert.deepEqual([again.id, again.attempt, again.crashes, again.alone, again.steps.length], [task, 2, 0, true, 1])
  },

  async 'counts the deaths of a task that ran alone'(scene) {
    const { session } = await begin(scene)
    for (const crashes of [0, 1, 2, 3]) {
      await dieAndRecover(scene)
      assert.equal((await claim(scene, session)).crashes, crashes)
    }
  },

  async 'counts a death once, though recovery itself is cut and done again'(scene) {
    const { session, task } = await begin(scene)
    await dieAndRecover(scene)
    await claim(scene, session)
    await dieAndRecover(scene)
    const { interrupted, lanes } = await dieAndRecover(scene)
    assert.equal(interrupted, 0)
    assert.deepEqual(
      lanes.map(({ alone }) => alone),
      [true],
    )
    assert.equal((await scene.storage.task(task))?.crashes, 1)
  },

  async 'does not hold a death against tasks that only waited'(scene) {
    const { task, session } = await accept(scene)
    await dieAndRecover(scene)
    await dieAndRecover(scene)
    assert.equal((await scene.storage.task(task))?.crashes, 0)
    assert.equal((await claim(scene, session)).alone, false)
  },

  async 'runs a task alone until it ends, and no longer'(scene) {
    const running = await begin(scene)
    await dieAndRecover(scene)
    const again = await claim(scene, running.session)
    await scene.storage.handBack(fenceOf(again), [], scene.at)
    const third = await claim(scene, running.session)
    assert.deepEqual([third.alone, third.crashes], [true, 0])
    await scene.storage.finish(finishOf(scene, { ...running, fence: fenceOf(third) }))
    await accept(scene)
    assert.equal((await claim(scene, running.session)).alone, false)
  },

  async 'forgets deaths when a person retries the task'(scene) {
    const running = await begin(scene)
    await dieAndRecover(scene)
    await claim(scene, running.session)
    await dieAndRecover(scene)
    const fence = fenceOf(await claim(scene, running.session))
    await scene.storage.finish(finishOf(scene, { ...running, fence }, { outcome: 'failed' }))
    await scene.storage.retry(running.task, { task: 'unused', message: 'unused' }, scene.at)
    const again = await claim(scene, running.session)
    assert.deepEqual([again.crashes, again.alone], [0, false])
  },

  async 'lists the lanes by their oldest task, those first that were running at the crash'(scene) {
    const lane = async (name: string, start: boolean) => {
      scene.at += 10
      const { session } = start
        ? await begin(scene, { address: `tg:1:${name}:-` })
        : await accept(scene, { address: `tg:1:${name}:-` })
      return session
    }
    const ended = await begin(scene, { address: 'tg:1:late:-' })
    await scene.storage.finish(finishOf(scene, ended))
    // The session is the oldest, its open task is not.
    const [early, late, suspect] = [await lane('early', false), await lane('late', false), await lane('suspect', true)]
    scene.at += 10
    await accept(scene, { address: 'tg:1:early:-' })
    await accept(scene, { address: 'tg:1:suspect:-' })
    const { lanes } = await dieAndRecover(scene)
    assert.deepEqual(lanes, [
      { session: suspect, address: 'tg:1:suspect:-', alone: true, open: 2 },
      { session: early, address: 'tg:1:early:-', alone: false, open: 2 },
      { session: late, address: 'tg:1:late:-', alone: false, open: 1 },
    ])
  },

  async 'doubts a send that was under way: counted, and taken again at once as such'(scene) {
    const delivery = deliveryOf(null)
    await scene.storage.post([delivery], scene.at)
    await scene.storage.take(address, scene.at)
    const { uncertain, destinations } = await dieAndRecover(scene)
    assert.deepEqual([uncertain, destinations], [1, [address]])
    const taken = await scene.storage.take(address, scene.at)
    assert.ok(taken.type === 'delivery')
    assert.deepEqual([taken.wasUncertain, taken.delivery.attempt, taken.delivery.uncertainCount], [true, 2, 1])
  },

  async 'doubts a send that was born with its task’s end'(scene) {
    const running = await begin(scene)
    const delivery = deliveryOf(running.task, 0, { state: 'sending' })
    await scene.storage.finish(finishOf(scene, running, { deliveries: [delivery] }))
    assert.equal((await dieAndRecover(scene)).uncertain, 1)
    assert.equal((await scene.storage.delivery(delivery.id))?.state, 'uncertain')
  },

  async 'repeats an edit without a doubt: it does no harm twice'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const draft = deliveryOf(running.task, 0, { body: [], state: 'sending' })
    await storage.post([draft], scene.at)
    await storage.place(draft.id, '9')
    const placed = { id: draft.id, body: text('hi'), kind: 'answer', state: 'sending' } as const
    await storage.finish(finishOf(scene, running, { draft: placed }))
    assert.equal((await dieAndRecover(scene)).uncertain, 0)
    const taken = await scene.storage.take(address, scene.at)
    assert.ok(taken.type === 'delivery')
    const { target, uncertainCount, attempt } = taken.delivery
    assert.deepEqual([target, uncertainCount, attempt, taken.wasUncertain], ['9', 0, 2, false])
  },

  async 'leaves what was not being sent as it was'(scene) {
    const { storage } = scene
    const sent = deliveryOf(null, 0, { destination: 'tg:1:sent:-', state: 'sending' })
    const dead = deliveryOf(null, 0, { destination: 'tg:1:dead:-', state: 'sending' })
    const waiting = deliveryOf(null, 0, { destination: 'tg:1:waiting:-', state: 'sending' })
    await storage.post([sent, dead, waiting], scene.at)
    await storage.settle({ ...sent, attempt: 1, target: null }, { type: 'sent', target: '9' }, scene.at)
    await storage.settle({ ...dead, attempt: 1, target: null }, { type: 'dead', error, counted: false }, scene.at)
    await storage.settle({ ...waiting, attempt: 1, target: null }, { type: 'retrying', nextAt: 9_000, error }, scene.at)
    const { destinations, uncertain } = await dieAndRecover(scene)
    assert.deepEqual([destinations, uncertain], [['tg:1:waiting:-'], 0])
    assert.deepEqual(await scene.storage.take('tg:1:waiting:-', scene.at), { type: 'later', at: 9_000 })
  },
}
