/** The life of a placeholder: a delivery that has no text yet, and becomes the first slice of the answer. */
import assert from 'node:assert/strict'
import { address, begin, claim, deliveryOf, fenceOf, finishOf, type Scene, text } from './scene.ts'

const error = { code: 'connector_failed', message: 'cut' } as const

/** A running task that has written its placeholder, which is being posted. */
async function drafted(scene: Scene) {
  const running = await begin(scene)
  const draft = deliveryOf(running.task, 0, { body: [], state: 'sending' })
  await scene.storage.post([draft], scene.at)
  return { running, draft }
}

export const drafting: Record<string, (scene: Scene) => Promise<void>> = {
  async 'a placeholder holds its destination until it is settled'(scene) {
    const { storage } = scene
    const { draft } = await drafted(scene)
    await storage.post([deliveryOf(null)], scene.at)
    assert.deepEqual(await storage.take(address, scene.at), { type: 'blocked' })
    await storage.place(draft.id, '99')
    const placed = await storage.delivery(draft.id)
    assert.deepEqual([placed?.state, placed?.target, placed?.body], ['pending', '99', []])
    assert.deepEqual(await storage.take(address, scene.at), { type: 'blocked' })
  },

  async 'a placeholder becomes the answer, born on its way as attempt 1'(scene) {
    const { storage } = scene
    const { running, draft } = await drafted(scene)
    await storage.place(draft.id, '99')
    const rest = deliveryOf(running.task, 1)
    const placed = { id: draft.id, body: text('the answer'), kind: 'answer', state: 'sending' } as const
    await storage.finish(finishOf(scene, running, { draft: placed, deliveries: [rest] }))
    const born = await storage.delivery(draft.id)
    assert.deepEqual([born?.state, born?.attempt, born?.target, born?.body], ['sending', 1, '99', text('the answer')])
    const sent = { type: 'sent', target: '99' } as const
    await storage.settle({ id: draft.id, attempt: 1, target: '99' }, sent, scene.at)
    const taken = await storage.take(address, scene.at)
    assert.equal(taken.type === 'delivery' && taken.delivery.id, rest.id)
  },

  async 'a placeholder becomes an answer that waits for its turn, as an edit'(scene) {
    const { storage } = scene
    const { running, draft } = await drafted(scene)
    await storage.place(draft.id, '99')
    const placed = { id: draft.id, body: text('sorry'), kind: 'notice', state: 'pending' } as const
    await storage.finish(finishOf(scene, running, { outcome: 'failed', draft: placed }))
    const taken = await storage.take(address, scene.at)
    assert.ok(taken.type === 'delivery')
    const { target, kind, body, attempt } = taken.delivery
    assert.deepEqual([target, kind, body, attempt], ['99', 'notice', text('sorry'), 1])
  },

  async 'a placeholder whose post was cut is counted, holds its destination, and still becomes the answer'(scene) {
    const { storage } = scene
    const { running, draft } = await drafted(scene)
    const cut = { type: 'uncertain', nextAt: 1_000, error, counted: true } as const
    await storage.settle({ ...draft, attempt: 1, target: null }, cut, scene.at)
    assert.equal((await storage.delivery(draft.id))?.uncertainCount, 1)
    assert.deepEqual(await storage.take(address, scene.at), { type: 'blocked' })
    const placed = { id: draft.id, body: text('hi'), kind: 'answer', state: 'pending' } as const
    await storage.finish(finishOf(scene, running, { draft: placed }))
    const taken = await storage.take(address, scene.at)
    assert.deepEqual(taken.type === 'delivery' && [taken.delivery.body, taken.wasUncertain], [text('hi'), false])
  },

  async 'a placeholder whose post surely failed still becomes the answer'(scene) {
    const { storage } = scene
    const { running, draft } = await drafted(scene)
    await storage.settle({ ...draft, attempt: 1, target: null }, { type: 'retrying', nextAt: 1_000, error }, scene.at)
    assert.deepEqual(await storage.take(address, 2_000), { type: 'blocked' })
    const placed = { id: draft.id, body: text('hi'), kind: 'answer', state: 'sending' } as const
    await storage.finish(finishOf(scene, running, { draft: placed }))
    assert.deepEqual((await storage.delivery(draft.id))?.body, text('hi'))
  },

  async 'a placeholder that its task fails without is discarded, so that nothing waits for it'(scene) {
    const { storage } = scene
    for (const outcome of ['failed', 'cancelled'] as const) {
      const { running, draft } = await drafted(scene)
      await storage.finish(finishOf(scene, running, { outcome }))
      const dropped = await storage.delivery(draft.id)
      assert.deepEqual([dropped?.state, dropped?.settledAt], ['discarded', 1_000])
      assert.deepEqual(await storage.take(address, scene.at), { type: 'idle' })
    }
  },

  async 'leaves deliveries with a text alone when their task ends'(scene) {
    const { storage } = scene
    const { running, draft } = await drafted(scene)
    const said = deliveryOf(running.task, 1)
    await storage.post([said], scene.at)
    await storage.finish(finishOf(scene, running, { outcome: 'failed' }))
    assert.equal((await storage.delivery(draft.id))?.state, 'discarded')
    assert.equal((await storage.delivery(said.id))?.state, 'pending')
  },

  async 'refuses an end that fills a placeholder which is not open'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const draft = { id: 'unknown', body: text('lost?'), kind: 'answer', state: 'pending' } as const
    await assert.rejects(storage.finish(finishOf(scene, running, { draft })), { code: 'state_conflict' })
    assert.equal((await storage.task(running.task))?.state, 'running')
  },

  async 'gives a placeholder to the next attempt, counted when nobody knows whether it stands'(scene) {
    const { running, draft } = await drafted(scene)
    await scene.die()
    const { uncertain } = await scene.storage.recover(scene.at)
    assert.equal(uncertain, 1)
    const kept = await scene.storage.delivery(draft.id)
    assert.deepEqual([kept?.state, kept?.uncertainCount, kept?.target], ['pending', 1, null])
    assert.deepEqual(await scene.storage.take(address, scene.at), { type: 'blocked' })
    const again = await claim(scene, running.session)
    assert.deepEqual([again.draft, again.parts], [{ id: draft.id, part: 0, target: null }, 0])
    const placed = { id: draft.id, body: text('hi'), kind: 'answer', state: 'pending' } as const
    const fence = fenceOf(again)
    await scene.storage.finish(finishOf(scene, { ...running, fence }, { draft: placed }))
    const taken = await scene.storage.take(address, scene.at)
    assert.equal(taken.type, 'delivery')
  },

  async 'gives a placeholder that stands to the next attempt, not counted'(scene) {
    const { running, draft } = await drafted(scene)
    await scene.storage.place(draft.id, '99')
    await scene.die()
    assert.equal((await scene.storage.recover(scene.at)).uncertain, 0)
    const again = await claim(scene, running.session)
    assert.deepEqual(again.draft, { id: draft.id, part: 0, target: '99' })
  },
}
