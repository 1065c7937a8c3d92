/** What people and programs look at, and what a task remembers. */
import assert from 'node:assert/strict'
import { accept, address, begin, claim, commandOf, deliveryOf, fenceOf, finishOf, type Scene, stepOf } from './scene.ts'

/** Answers `count` messages of one session, each turn of so many tokens. */
async function converse(scene: Scene, count: number, tokens: number): Promise<{ session: string; tasks: string[] }> {
  const tasks: string[] = []
  let session = ''
  for (let index = 0; index < count; index++) {
    const running = await begin(scene)
    await scene.storage.finish(finishOf(scene, running, { tokens, reply: String(index) }))
    tasks.push(running.task)
    session = running.session
  }
  return { session, tasks }
}

export const reading: Record<string, (scene: Scene) => Promise<void>> = {
  async 'remembers the newest whole turns that fit, oldest first'(scene) {
    const { session, tasks } = await converse(scene, 4, 10)
    const remembered = async (maxTokens: number) =>
      (await scene.storage.history(session, maxTokens)).map(({ task }) => task)
    assert.deepEqual(await remembered(1_000), tasks)
    assert.deepEqual(await remembered(30), tasks.slice(1))
    assert.deepEqual(await remembered(29), tasks.slice(2))
    assert.deepEqual(await remembered(9), [])
    assert.deepEqual(await remembered(0), [])
  },

  async 'never remembers an older turn past one that does not fit'(scene) {
    const { session } = await converse(scene, 1, 1)
    const big = await begin(scene)
    await scene.storage.finish(finishOf(scene, big, { tokens: 100 }))
    await converse(scene, 1, 1)
    assert.equal((await scene.storage.history(session, 50)).length, 1)
  },

  async 'remembers a long conversation whole, turn by turn'(scene) {
    const { session, tasks } = await converse(scene, 70, 1)
    const turns = await scene.storage.history(session, 1_000)
    assert.deepEqual(
      turns.map(({ task }) => task),
      tasks,
    )
    assert.deepEqual(
      turns.map(({ seq }) => seq),
      tasks.map((_, index) => index + 1),
    )
  },

  async 'remembers nothing of other sessions'(scene) {
    await converse(scene, 1, 1)
    const { session } = await accept(scene, { address: 'tg:1:other:-' })
    assert.deepEqual(await scene.storage.history(session, 1_000), [])
  },

  async 'knows nothing of what is not there'(scene) {
    const { storage } = scene
    assert.equal(await storage.task('unknown'), null)
    assert.equal(await storage.session('unknown'), null)
    assert.equal(await storage.delivery('unknown'), null)
    assert.equal(await storage.trace('unknown'), null)
    assert.deepEqual(await storage.steps('unknown'), [])
    assert.deepEqual((await storage.messages('unknown', {})).data, [])
  },

  async 'knows the message that a task was made for'(scene) {
    const { task, message } = await accept(scene)
    assert.equal(await scene.storage.messageOf(task), message)
    assert.equal(await scene.storage.messageOf('unknown'), null)
  },

  async 'traces a message: how it was recognised, its task, steps and deliveries'(scene) {
    const { storage } = scene
    const running = await begin(scene, { key: 'e1' })
    const { task, message } = running
    const deliveries = [deliveryOf(task, 0), deliveryOf(task, 1)]
    await storage.finish(finishOf(scene, running, { steps: [stepOf(1)], deliveries }))
    const trace = await storage.trace(message)
    assert.equal(trace?.message.id, message)
    assert.deepEqual(trace?.dedupe, { scope: 'tg:1', key: 'e1', at: 1_000 })
    assert.deepEqual(
      trace?.tasks.map(({ id, state }) => [id, state]),
      [[task, 'done']],
    )
    assert.deepEqual(
      trace?.steps.map(({ n }) => n),
      [1],
    )
    assert.deepEqual(
      trace?.deliveries.map(({ id }) => id),
      deliveries.map(({ id }) => id),
    )
  },

  async 'traces a message that was taken up to the task that answers it'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const other = await accept(scene, { whenBusy: 'steer' })
    await storage.absorb(running.fence, 1, scene.at)
    const delivery = deliveryOf(running.task)
    await storage.finish(finishOf(scene, running, { steps: [stepOf(2)], deliveries: [delivery] }))
    const trace = await storage.trace(other.message)
    assert.deepEqual(
      trace?.tasks.map(({ id, state }) => [id, state]),
      [
        [other.task, 'absorbed'],
        [running.task, 'done'],
      ],
    )
    assert.deepEqual(
      trace?.steps.map(({ kind }) => kind),
      ['input', 'model'],
    )
    assert.deepEqual(
      trace?.deliveries.map(({ id }) => id),
      [delivery.id],
    )
    assert.equal(trace?.dedupe, null)
  },

  async 'traces a command to its notice'(scene) {
    const { storage } = scene
    const command = commandOf(scene, 'none', 'e2')
    const notice = deliveryOf(null, 0, { kind: 'notice', message: command.message.id })
    await storage.carryOut({ ...command, notice })
    await storage.post([deliveryOf(null)], scene.at)
    const trace = await storage.trace(command.message.id)
    assert.deepEqual([trace?.tasks, trace?.steps, trace?.dedupe?.key], [[], [], 'e2'])
    assert.deepEqual(
      trace?.deliveries.map(({ id }) => id),
      [notice.id],
    )
  },

  async 'counts what waits, what runs, and deliveries by state'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    await accept(scene)
    const error = { code: 'connector_failed', message: 'away' } as const
    await storage.post(
      [deliveryOf(null), deliveryOf(null, 0, { destination: 'tg:1:other:-', state: 'sending' })],
      scene.at,
    )
    const taken = await storage.take(address, scene.at)
    assert.ok(taken.type === 'delivery')
    await storage.settle(taken.delivery, { type: 'held', error, counted: true }, scene.at)
    const counts = await storage.counts()
    assert.deepEqual(counts.tasks, { queued: 1, running: 1 })
    const none = { pending: 0, retrying: 0, uncertain: 0, dead: 0 }
    assert.deepEqual(counts.deliveries, { ...none, sending: 1, held: 1 })
    assert.equal(counts.uncertainSends, 1)
    await storage.finish(finishOf(scene, running))
    assert.deepEqual((await storage.counts()).tasks, { queued: 1, running: 0 })
  },

  async 'counts nothing in an empty storage'(scene) {
    const deliveries = { pending: 0, sending: 0, retrying: 0, uncertain: 0, held: 0, dead: 0 }
    assert.deepEqual(await scene.storage.counts(), { tasks: { queued: 0, running: 0 }, deliveries, uncertainSends: 0 })
  },

  async 'shares commits: there are never more of them than transactions'(scene) {
    const before = scene.storage.commits()
    await Promise.all(Array.from({ length: 8 }, () => accept(scene)))
    const after = scene.storage.commits()
    assert.equal(after.riders - before.riders, 8)
    assert.ok(after.commits - before.commits <= 8 && after.commits > before.commits)
  },

  async 'sees the attempt that wrote each step'(scene) {
    const { session, fence, task } = await begin(scene)
    await scene.storage.handBack(fence, [stepOf(1)], scene.at)
    await scene.storage.journal(fenceOf(await claim(scene, session)), [stepOf(2)])
    assert.deepEqual(
      (await scene.storage.steps(task)).map(({ n, attempt }) => [n, attempt]),
      [
        [1, 1],
        [2, 2],
      ],
    )
  },
}
