/** Retry: a failed or cancelled task goes on where it stopped, unless the conversation has moved on. */
import assert from 'node:assert/strict'
import { accept, begin, claim, deliveryOf, finishOf, newId, type Scene, stepOf, text } from './scene.ts'

const unused = { task: 'unused', message: 'unused' }
const error = { code: 'provider_unavailable', message: 'away' } as const

export const retrying: Record<string, (scene: Scene) => Promise<void>> = {
  async 'queues a failed or cancelled task again: its steps stay, its turn and its error go'(scene) {
    const { storage } = scene
    for (const outcome of ['failed', 'cancelled'] as const) {
      const address = `tg:1:${outcome}:-`
      const running = await begin(scene, { address })
      const { task, session } = running
      await storage.cancel(task, scene.at)
      await storage.finish(
        finishOf(scene, running, { outcome, error, steps: [stepOf(1)], deliveries: [deliveryOf(task)] }),
      )
      assert.deepEqual(await storage.retry(task, unused, scene.at), { type: 'queued', task, session, address })
      const queued = await storage.task(task)
      assert.deepEqual([queued?.state, queued?.error, queued?.endedAt, queued?.startedAt], ['queued', null, null, null])
      assert.deepEqual(await storage.history(session, 1_000), [])
      const again = await claim(scene, session)
      assert.deepEqual([again.id, again.attempt, again.cancelRequested, again.parts], [task, 2, false, 1])
      assert.deepEqual(
        again.steps.map(({ n }) => n),
        [1],
      )
    }
  },

  async 'gives a task that is run again a turn at the end'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { task, session } = running
    await storage.finish(finishOf(scene, running, { outcome: 'failed', error }))
    await storage.retry(task, unused, scene.at)
    await claim(scene, session)
    await storage.finish(finishOf(scene, { session, fence: { task, attempt: 2 } }, { reply: 'at last' }))
    assert.deepEqual((await storage.task(task))?.reply, text('at last'))
    assert.deepEqual(
      (await storage.history(session, 1_000)).map((turn) => turn.task),
      [task],
    )
  },

  async 'starts a task that is run again before those that came after it'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    await accept(scene)
    await storage.finish(finishOf(scene, running, { outcome: 'failed', error }))
    await storage.retry(running.task, unused, scene.at)
    assert.equal((await claim(scene, running.session)).id, running.task)
  },

  async 'asks anew when the session has a later turn: another task, of the same message, at the end'(scene) {
    const { storage } = scene
    const first = await begin(scene, { words: 'what about me?' })
    await storage.finish(finishOf(scene, first, { outcome: 'failed', error }))
    const second = await begin(scene)
    await storage.finish(finishOf(scene, second))
    const ids = { task: newId(), message: newId() }
    scene.at = 2_000
    const { session } = first
    const outcome = await storage.retry(first.task, ids, scene.at)
    assert.deepEqual(outcome, { type: 'queued', task: ids.task, session, address: 'tg:1:42:-' })
    assert.equal((await storage.task(first.task))?.state, 'failed')
    assert.equal((await storage.history(session, 1_000)).length, 2)
    const again = await claim(scene, session)
    assert.deepEqual([again.id, again.attempt, again.steps], [ids.task, 1, []])
    assert.deepEqual(again.message, { id: ids.message, parts: text('what about me?') })
    assert.deepEqual(again.context.person, { id: '7', name: 'Zoë' })
    const message = (await storage.messages(session, {})).data.at(-1)
    assert.deepEqual([message?.id, message?.seq, message?.receivedAt], [ids.message, 3, 2_000])
  },

  async 'asks anew once, however often it is asked to, and then goes on with the task that this made'(scene) {
    const { storage } = scene
    const first = await begin(scene)
    await storage.finish(finishOf(scene, first, { outcome: 'failed', error }))
    const second = await begin(scene)
    await storage.finish(finishOf(scene, second))
    const ids = { task: newId(), message: newId() }
    const { task, session } = first
    await storage.retry(task, ids, scene.at)
    const repeated = { type: 'repeated', task: ids.task }
    assert.deepEqual(await storage.retry(task, unused, scene.at), repeated)
    const anew = await claim(scene, session)
    assert.deepEqual(await storage.retry(task, unused, scene.at), repeated)
    const fence = { task: anew.id, attempt: 1 }
    await storage.finish(finishOf(scene, { session, fence }, { outcome: 'failed', error }))
    const outcome = await storage.retry(task, unused, scene.at)
    assert.deepEqual([outcome?.type, outcome?.type === 'queued' && outcome.task], ['queued', anew.id])
    assert.equal((await storage.messages(session, {})).data.length, 3)
  },

  async 'goes on with the task that took up the one that was asked anew'(scene) {
    const { storage } = scene
    const first = await begin(scene, { whenBusy: 'steer' })
    await storage.finish(finishOf(scene, first, { outcome: 'failed', error }))
    await storage.finish(finishOf(scene, await begin(scene)))
    const running = await begin(scene)
    const ids = { task: newId(), message: newId() }
    await storage.retry(first.task, ids, scene.at)
    await storage.absorb(running.fence, 1, scene.at)
    assert.equal((await storage.task(ids.task))?.into, running.task)
    assert.deepEqual(await storage.retry(first.task, unused, scene.at), { type: 'repeated', task: running.task })
    // The model saw it, and so the one that fails keeps it.
    const seen = { outcome: 'failed', error, steps: [stepOf(2)] } as const
    await storage.finish(finishOf(scene, running, { ...seen, steps: [...seen.steps] }))
    const outcome = await storage.retry(first.task, unused, scene.at)
    assert.deepEqual([outcome?.type, outcome?.type === 'queued' && outcome.task], ['queued', running.task])
  },

  async 'asks a message anew that was cancelled in the queue, when a later one was answered'(scene) {
    const { storage } = scene
    const first = await accept(scene)
    await storage.cancel(first.task, scene.at)
    const second = await begin(scene)
    await storage.finish(finishOf(scene, second))
    const ids = { task: newId(), message: newId() }
    const outcome = await storage.retry(first.task, ids, scene.at)
    assert.equal(outcome?.type === 'queued' && outcome.task, ids.task)
  },

  async 'goes on in its own session, also when that was closed'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    await storage.finish(finishOf(scene, running, { outcome: 'failed', error }))
    const command = { dedupe: { scope: 'tg:1', key: 'new', bodyHash: '' }, action: 'new-session' } as const
    await storage.carryOut({
      ...command,
      session: { id: newId(), address: 'tg:1:42:-', agent: 'support', space: 'default' },
      message: { id: newId(), parts: text('/new') },
      person: null,
      notice: null,
      state: null,
      at: scene.at,
    })
    const outcome = await storage.retry(running.task, unused, scene.at)
    assert.deepEqual([outcome?.type, outcome?.type === 'queued' && outcome.session], ['queued', running.session])
    assert.equal((await claim(scene, running.session)).id, running.task)
  },

  async 'refuses a task that is not over, that was answered, or that another one answers'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const queued = await accept(scene)
    const absorbed = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(running.fence, 1, scene.at)
    assert.deepEqual(await storage.retry(running.task, unused, scene.at), { type: 'refused', state: 'running' })
    assert.deepEqual(await storage.retry(queued.task, unused, scene.at), { type: 'refused', state: 'queued' })
    assert.deepEqual(await storage.retry(absorbed.task, unused, scene.at), { type: 'refused', state: 'absorbed' })
    await storage.finish(finishOf(scene, running))
    assert.deepEqual(await storage.retry(running.task, unused, scene.at), { type: 'refused', state: 'done' })
  },

  async 'queues a task once when two retry it at once'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    await storage.finish(finishOf(scene, running, { outcome: 'failed', error }))
    const both = await Promise.all([1, 2].map(() => storage.retry(running.task, unused, scene.at)))
    assert.deepEqual(both.map((outcome) => outcome?.type).sort(), ['queued', 'refused'])
  },

  async 'knows nothing of a task to retry that is not there'(scene) {
    assert.equal(await scene.storage.retry('unknown', unused, scene.at), null)
  },
}
