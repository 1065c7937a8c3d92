/** Coming in: accepted is kept, one event makes at most one task, and order is the order of acceptance. */
import assert from 'node:assert/strict'
import { accept, accepted, address, arrivalOf, begin, chat, claim, newId, type Scene, text } from './scene.ts'

export const arriving: Record<string, (scene: Scene) => Promise<void>> = {
  async 'accepts a message: its session, its message and its queued task are there'(scene) {
    const { storage } = scene
    const { session, seq, message, task } = await accept(scene, { words: '你好 👋' })
    assert.equal(seq, 1)
    assert.deepEqual(await storage.session(session), {
      id: session,
      address,
      generation: 1,
      agent: 'support',
      space: 'default',
      createdAt: 1_000,
      lastAt: 1_000,
      closedAt: null,
    })
    const { data: messages } = await storage.messages(session, {})
    const person = { id: '7', name: 'Zoë' }
    assert.deepEqual(messages, [
      { id: message, session, seq: 1, parts: text('你好 👋'), task, person, receivedAt: 1_000 },
    ])
    assert.deepEqual(await storage.task(task), {
      id: task,
      session,
      agent: 'support',
      space: 'default',
      state: 'queued',
      into: null,
      attempt: 0,
      crashes: 0,
      reply: null,
      error: null,
      usage: { inputTokens: 0, outputTokens: 0 },
      createdAt: 1_000,
      startedAt: null,
      endedAt: null,
    })
  },

  async 'keeps what was accepted when the process dies'(scene) {
    const { task, message } = await accept(scene, { key: 'e1', state: { account: 'tg:1', key: 'offset', value: '8' } })
    await scene.die()
    assert.equal((await scene.storage.task(task))?.state, 'queued')
    assert.equal(await scene.storage.connectorState('tg:1', 'offset'), '8')
    const again = await scene.storage.accept(arrivalOf(scene, { key: 'e1' }))
    assert.deepEqual(again.type === 'duplicate' && again.message, message)
  },

  async 'starts a task with the commit that accepts it, when asked to and the session has nothing open'(scene) {
    const { task } = await begin(scene)
    const started = await scene.storage.task(task)
    assert.deepEqual([started?.state, started?.attempt, started?.startedAt], ['running', 1, 1_000])
  },

  async 'queues a task that was to start at once when its session has open ones'(scene) {
    const { session } = await begin(scene)
    const behindRunning = accepted(await scene.storage.accept(arrivalOf(scene, { claim: true })))
    assert.deepEqual([behindRunning.session, behindRunning.running], [session, false])
    const elsewhere = { address: 'tg:1:43:-' }
    await accept(scene, elsewhere)
    const behindQueued = accepted(await scene.storage.accept(arrivalOf(scene, { ...elsewhere, claim: true })))
    assert.equal(behindQueued.running, false)
  },

  async 'starts at once again when everything before has ended'(scene) {
    const first = await begin(scene)
    await scene.storage.cancel(first.task, scene.at)
    const { fence, session } = first
    const turn = { messages: [], tokens: 0 }
    await scene.storage.finish({
      fence,
      session,
      outcome: 'cancelled',
      error: null,
      usage: { inputTokens: 0, outputTokens: 0 },
      steps: [],
      turn,
      deliveries: [],
      draft: null,
      next: 'look',
      at: scene.at,
    })
    const second = accepted(await scene.storage.accept(arrivalOf(scene, { claim: true })))
    assert.deepEqual([second.session, second.running, second.seq], [session, true, 2])
  },

  async 'numbers what is accepted in the order of the calls'(scene) {
    const arrivals = Array.from({ length: 20 }, (_, index) => arrivalOf(scene, { words: String(index) }))
    const outcomes = await Promise.all(arrivals.map((arrival) => scene.storage.accept(arrival)))
    assert.deepEqual(
      outcomes.map((outcome) => accepted(outcome).seq),
      arrivals.map((_, index) => index + 1),
    )
    assert.equal(new Set(outcomes.map((outcome) => accepted(outcome).session)).size, 1)
  },

  async 'knows what came before when there is no room, and takes nothing new'(scene) {
    const { message, task, session } = await accept(scene, { key: 'e1' })
    const state = { account: 'tg:1', key: 'offset', value: '9' }
    const fresh = await scene.storage.accept(arrivalOf(scene, { key: 'e2', full: true, state }))
    assert.deepEqual(fresh, { type: 'full' })
    assert.equal(await scene.storage.connectorState('tg:1', 'offset'), null)
    assert.deepEqual(await scene.storage.accept(arrivalOf(scene, { full: true })), { type: 'full' })
    const again = await scene.storage.accept(arrivalOf(scene, { key: 'e1', full: true, state }))
    assert.deepEqual(again, { type: 'duplicate', message, task, session, sameBody: true })
    assert.equal(await scene.storage.connectorState('tg:1', 'offset'), '9')
    assert.equal((await scene.storage.accept(arrivalOf(scene, { key: 'e2' }))).type, 'accepted')
  },

  async 'changes nothing for an event that comes again, and names the first'(scene) {
    const { session, message, task } = await accept(scene, { key: 'e1' })
    const again = await scene.storage.accept(arrivalOf(scene, { key: 'e1' }))
    assert.deepEqual(again, { type: 'duplicate', message, task, session, sameBody: true })
    assert.equal((await scene.storage.messages(session, {})).data.length, 1)
    assert.equal((await scene.storage.tasks({})).data.length, 1)
  },

  async 'makes one task of an event that comes twice at once'(scene) {
    const both = [arrivalOf(scene, { key: 'e1', claim: true }), arrivalOf(scene, { key: 'e1', claim: true })]
    const outcomes = await Promise.all(both.map((arrival) => scene.storage.accept(arrival)))
    assert.deepEqual(outcomes.map(({ type }) => type).sort(), ['accepted', 'duplicate'])
    assert.equal((await scene.storage.tasks({})).data.length, 1)
  },

  async 'tells another body under a known key apart, and does not take it'(scene) {
    const { session, message, task } = await accept(scene, { key: 'k', bodyHash: 'one' })
    const other = await scene.storage.accept(arrivalOf(scene, { key: 'k', bodyHash: 'two' }))
    assert.deepEqual(other, { type: 'duplicate', message, task, session, sameBody: false })
  },

  async 'takes the same key of another scope for another event'(scene) {
    await accept(scene, { scope: 'tg:1', key: 'e1' })
    const other = await scene.storage.accept(arrivalOf(scene, { scope: 'tg:2', key: 'e1' }))
    assert.equal(other.type, 'accepted')
  },

  async 'moves the connector’s state with a message, and with a duplicate'(scene) {
    const { storage } = scene
    await accept(scene, { key: 'e1', state: { account: 'tg:1', key: 'offset', value: '8' } })
    assert.equal(await storage.connectorState('tg:1', 'offset'), '8')
    await storage.accept(arrivalOf(scene, { key: 'e1', state: { account: 'tg:1', key: 'offset', value: '9' } }))
    assert.equal(await storage.connectorState('tg:1', 'offset'), '9')
  },

  async 'keeps a connector’s state by account and key'(scene) {
    const { storage } = scene
    await storage.keepState({ account: 'tg:1', key: 'offset', value: '1' }, scene.at)
    await storage.keepState({ account: 'tg:2', key: 'offset', value: '2' }, scene.at)
    await storage.keepState({ account: 'tg:1', key: 'offset', value: '3' }, scene.at)
    assert.equal(await storage.connectorState('tg:1', 'offset'), '3')
    assert.equal(await storage.connectorState('tg:2', 'offset'), '2')
    assert.equal(await storage.connectorState('tg:1', 'token'), null)
  },

  async 'keeps nothing of a message that it could not take'(scene) {
    const { storage } = scene
    const { message, session } = await accept(scene)
    const state = { account: 'tg:1', key: 'offset', value: '9' }
    const clash = arrivalOf(scene, { key: 'e2', state })
    const rejected = storage.accept({ ...clash, message: { ...clash.message, id: message } })
    await assert.rejects(rejected, { name: 'AsyncvError', code: 'internal', retryable: false })
    assert.equal(await storage.connectorState('tg:1', 'offset'), null)
    assert.equal((await storage.tasks({ session })).data.length, 1)
    assert.equal((await storage.accept(arrivalOf(scene, { key: 'e2' }))).type, 'accepted')
  },

  async 'keeps for whom a task runs, and where its answer goes'(scene) {
    const { session, message, task } = await accept(scene, { words: 'hi' })
    assert.deepEqual(await claim(scene, session), {
      id: task,
      session,
      address,
      agent: 'support',
      attempt: 1,
      crashes: 0,
      alone: false,
      destination: chat,
      context: { person: { id: '7', name: 'Zoë' }, space: 'default', language: 'zh', metadata: { order: 7 } },
      message: { id: message, parts: text('hi') },
      steps: [],
      draft: null,
      parts: 0,
      cancelRequested: false,
    })
  },

  async 'keeps sessions of different addresses apart'(scene) {
    const one = await accept(scene, { address: 'api:default:a:x' })
    const other = await accept(scene, { address: 'api:default:a:y' })
    assert.notEqual(one.session, other.session)
    assert.deepEqual([one.seq, other.seq], [1, 1])
    scene.at = 2_000
    const again = await accept(scene, { address: 'api:default:a:x' })
    assert.deepEqual([again.session, again.seq], [one.session, 2])
    assert.equal((await scene.storage.session(one.session))?.lastAt, 2_000)
  },

  async 'waits for verbs under way before it is closed'(scene) {
    const { storage } = scene
    const { task, ...arrival } = arrivalOf(scene, { key: newId() })
    const accepting = storage.accept({ ...arrival, task })
    await Promise.all([accepting, storage.close()])
    assert.equal((await accepting).type, 'accepted')
  },
}
