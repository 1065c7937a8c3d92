/** Commands: carried out past the lane, once, with their answer in the same commit. */
import assert from 'node:assert/strict'
import {
  accept,
  address,
  arrivalOf,
  begin,
  claim,
  commandOf,
  deliveryOf,
  fenceOf,
  finishOf,
  type Scene,
  stepOf,
  text,
} from './scene.ts'

export const commanding: Record<string, (scene: Scene) => Promise<void>> = {
  async 'a new session: cancels what waits, marks what runs, and the next message opens the next generation'(scene) {
    const { storage } = scene
    const { task: running, session } = await begin(scene)
    const { task: waiting } = await accept(scene)
    scene.at = 2_000
    const outcome = await storage.carryOut(commandOf(scene, 'new-session'))
    assert.deepEqual(outcome, { type: 'carried-out', session, cancelled: [waiting], requested: [running] })
    assert.equal((await storage.task(waiting))?.state, 'cancelled')
    assert.equal((await storage.task(waiting))?.endedAt, 2_000)
    assert.equal((await storage.task(running))?.state, 'running')
    assert.equal((await storage.session(session))?.closedAt, 2_000)
    const next = await accept(scene)
    const opened = await storage.session(next.session)
    assert.deepEqual([opened?.generation, opened?.address, opened?.closedAt, next.seq], [2, address, null, 1])
  },

  async 'a new session begins without history, and what still runs ends in its own'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    await storage.carryOut(commandOf(scene, 'new-session'))
    const next = await accept(scene)
    await storage.finish(finishOf(scene, running, { outcome: 'cancelled' }))
    assert.deepEqual(await storage.history(next.session, 1_000), [])
    assert.equal((await storage.history(running.session, 1_000)).length, 1)
  },

  async 'a stop: cancels what is open and leaves the session open'(scene) {
    const { storage } = scene
    const { session, task: running } = await begin(scene)
    const { task: waiting } = await accept(scene)
    const outcome = await storage.carryOut(commandOf(scene, 'cancel-open'))
    assert.deepEqual(outcome, { type: 'carried-out', session, cancelled: [waiting], requested: [running] })
    assert.equal((await storage.session(session))?.closedAt, null)
    assert.equal((await accept(scene)).session, session)
  },

  async 'a stop reaches a task that is run again after a death'(scene) {
    const { session } = await begin(scene)
    await scene.storage.carryOut(commandOf(scene, 'cancel-open'))
    await scene.die()
    await scene.storage.recover(scene.at)
    assert.equal((await claim(scene, session)).cancelRequested, true)
  },

  async 'a stop reaches messages that the running task took up, should they be queued again'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { task: taken } = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(running.fence, 1, scene.at)
    await storage.carryOut(commandOf(scene, 'cancel-open'))
    const { requeued, next } = await storage.finish(finishOf(scene, running, { outcome: 'cancelled', next: 'claim' }))
    assert.deepEqual(requeued, [taken])
    assert.deepEqual([next?.id, next?.cancelRequested], [taken, true])
  },

  async 'changes no task when the command concerns none'(scene) {
    const { task } = await accept(scene)
    const outcome = await scene.storage.carryOut(commandOf(scene, 'none'))
    assert.deepEqual(outcome.type === 'carried-out' && [outcome.cancelled, outcome.requested], [[], []])
    assert.equal((await scene.storage.task(task))?.state, 'queued')
  },

  async 'keeps the command as a message without a task, in the order of its session'(scene) {
    const { session } = await accept(scene)
    const command = commandOf(scene, 'none')
    await scene.storage.carryOut(command)
    const { data } = await scene.storage.messages(session, {})
    const { id } = command.message
    const kept = { id, session, seq: 2, parts: text('/command'), task: null, person: { id: '7' }, receivedAt: 1_000 }
    assert.deepEqual(data[1], kept)
    assert.equal((await accept(scene)).seq, 3)
  },

  async 'carries a command out where nobody has spoken before'(scene) {
    for (const action of ['none', 'cancel-open', 'new-session'] as const) {
      const outcome = await scene.storage.carryOut(commandOf(scene, action))
      assert.deepEqual(outcome.type === 'carried-out' && [outcome.cancelled, outcome.requested], [[], []])
    }
    assert.equal((await scene.storage.session((await accept(scene)).session))?.closedAt, null)
  },

  async 'carries a command out once, however often it comes'(scene) {
    const { storage } = scene
    const command = commandOf(scene, 'cancel-open', 'e9')
    const notice = deliveryOf(null, 0, { key: 'notice/1', kind: 'notice', message: command.message.id })
    assert.equal((await storage.carryOut({ ...command, notice })).type, 'carried-out')
    const { task } = await accept(scene)
    const state = { account: 'tg:1', key: 'offset', value: '10' }
    const again = await storage.carryOut({ ...commandOf(scene, 'cancel-open', 'e9'), notice, state })
    assert.deepEqual(again, { type: 'duplicate', message: command.message.id })
    assert.equal((await storage.task(task))?.state, 'queued')
    assert.equal((await storage.deliveries({})).data.length, 1)
    assert.equal(await storage.connectorState('tg:1', 'offset'), '10')
  },

  async 'recognises a command’s event that comes again as a message'(scene) {
    const command = commandOf(scene, 'none', 'e9')
    const { session } = (await scene.storage.carryOut(command)) as { session: string }
    const again = await scene.storage.accept(arrivalOf(scene, { key: 'e9' }))
    assert.deepEqual(again, { type: 'duplicate', message: command.message.id, task: null, session, sameBody: true })
  },

  async 'writes the notice behind what waits for the same destination'(scene) {
    const { storage } = scene
    await storage.post([deliveryOf(null)], scene.at)
    const command = commandOf(scene, 'none')
    const notice = deliveryOf(null, 0, { kind: 'notice', message: command.message.id })
    await storage.carryOut({ ...command, notice })
    const written = await storage.delivery(notice.id)
    assert.deepEqual([written?.seq, written?.state, written?.kind], [2, 'pending', 'notice'])
    assert.equal(written?.message, command.message.id)
  },

  async 'a cancelled task in a queue leaves no turn: it was never answered'(scene) {
    const { storage } = scene
    const { session } = await accept(scene)
    await storage.carryOut(commandOf(scene, 'cancel-open'))
    assert.deepEqual(await storage.history(session, 1_000), [])
  },

  async 'a stop lets a task that ran before end by the commit that knows what it took up and shows'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const { fence, session } = running
    const draft = deliveryOf(fence.task, 0, { body: [], state: 'sending' })
    await storage.post([draft], scene.at)
    const { task: taken } = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(fence, 1, scene.at)
    await storage.handBack(fence, [], scene.at)
    const { task: waiting } = await accept(scene)
    const outcome = await storage.carryOut(commandOf(scene, 'cancel-open'))
    assert.deepEqual(outcome, { type: 'carried-out', session, cancelled: [waiting], requested: [fence.task] })
    const again = await claim(scene, session)
    assert.deepEqual([again.id, again.cancelRequested, again.draft?.id], [fence.task, true, draft.id])
    const end = finishOf(scene, { session, fence: fenceOf(again) }, { outcome: 'cancelled', next: 'claim' })
    const { requeued, next } = await storage.finish(end)
    // It was taken up and is meant by the stop as well, so it ends the same way.
    assert.deepEqual([requeued, next?.id, next?.cancelRequested], [[taken], taken, true])
  },

  async 'keeps the steps of a task that a stop reached between two attempts'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    await storage.journal(running.fence, [stepOf(1)])
    await storage.handBack(running.fence, [], scene.at)
    const again = await claim(scene, running.session)
    await storage.carryOut(commandOf(scene, 'cancel-open'))
    await storage.finish(finishOf(scene, { ...running, fence: fenceOf(again) }, { outcome: 'cancelled' }))
    assert.equal((await storage.steps(running.task)).length, 1)
  },
}
