/** Deliveries: in order, one at a time for each destination, and every arrow of their state machine. */
import assert from 'node:assert/strict'
import type { DeliveryState } from '../../delivery.ts'
import type { Settlement, Taken } from '../../storage.ts'
import { address, deliveryOf, refused, type Scene } from './scene.ts'

const error = { code: 'connector_failed', message: 'The chat platform is away.' } as const

/** A delivery that is being sent, with another behind it. */
async function sendingOne(scene: Scene) {
  const drafts = [deliveryOf(null), deliveryOf(null)] as const
  await scene.storage.post(drafts, scene.at)
  const taken = deliveryIn(await scene.storage.take(address, scene.at))
  assert.equal(taken.id, drafts[0].id)
  return { sending: taken, behind: drafts[1] }
}

function deliveryIn(taken: Taken) {
  assert.ok(taken.type === 'delivery', `took a delivery, not ${taken.type}`)
  return taken.delivery
}

/** A delivery in a state that only an operator gets it out of. */
async function stuck(scene: Scene, settlement: Settlement) {
  const { sending, behind } = await sendingOne(scene)
  await scene.storage.settle(sending, settlement, scene.at)
  return { id: sending.id, behind }
}

export const sending: Record<string, (scene: Scene) => Promise<void>> = {
  async 'hands out the earliest open delivery, its attempt counted before it is sent'(scene) {
    const { storage } = scene
    const [first, second] = [deliveryOf(null), deliveryOf(null)]
    await storage.post([first, second], scene.at)
    const taken = await storage.take(address, scene.at)
    assert.deepEqual(taken, { type: 'delivery', delivery: await storage.delivery(first.id), wasUncertain: false })
    const { state, attempt, seq, body } = deliveryIn(taken)
    assert.deepEqual([state, attempt, seq, body], ['sending', 1, 1, first.body])
  },

  async 'lets what comes behind wait while one is being sent'(scene) {
    const { sending, behind } = await sendingOne(scene)
    assert.deepEqual(await scene.storage.take(address, scene.at), { type: 'blocked' })
    await scene.storage.settle(sending, { type: 'sent', target: '9' }, scene.at)
    assert.equal(deliveryIn(await scene.storage.take(address, scene.at)).id, behind.id)
  },

  async 'hands a delivery out once when two take at once'(scene) {
    await scene.storage.post([deliveryOf(null), deliveryOf(null)], scene.at)
    const both = await Promise.all([scene.storage.take(address, scene.at), scene.storage.take(address, scene.at)])
    assert.deepEqual(both.map(({ type }) => type).sort(), ['blocked', 'delivery'])
  },

  async 'has nothing to send to a destination where nothing is open'(scene) {
    await scene.storage.post([deliveryOf(null, 0, { destination: 'tg:1:elsewhere:-' })], scene.at)
    assert.deepEqual(await scene.storage.take(address, scene.at), { type: 'idle' })
  },

  async 'writes a post once for each key, and gives the first back'(scene) {
    const { storage } = scene
    const first = deliveryOf(null, 0, { key: 'post/k' })
    await storage.post([first], scene.at)
    const again = [deliveryOf(null, 0, { key: 'post/k' }), deliveryOf(null, 1, { key: 'post/k/1' })]
    const standing = await storage.post(again, scene.at)
    // What is said in several pieces is said whole or not at all: its first key was known.
    assert.deepEqual(
      standing.map(({ id }) => id),
      [first.id],
    )
    assert.equal((await storage.deliveries({})).data.length, 1)
  },

  async 'writes all of a post or nothing: a later key that stands for something else refuses it'(scene) {
    const { storage } = scene
    const other = deliveryOf(null, 0, { key: 'post/other' })
    await storage.post([other], scene.at)
    const clash = [deliveryOf(null), deliveryOf(null, 1, { key: 'post/other' })]
    await refused(storage.post(clash, scene.at))
    assert.deepEqual(
      (await storage.deliveries({})).data.map(({ id }) => id),
      [other.id],
    )
  },

  async 'is born on its way as attempt 1, or waiting'(scene) {
    const [onItsWay, waiting] = await scene.storage.post(
      [deliveryOf(null, 0, { state: 'sending' }), deliveryOf(null)],
      scene.at,
    )
    assert.deepEqual([onItsWay?.state, onItsWay?.attempt], ['sending', 1])
    assert.deepEqual([waiting?.state, waiting?.attempt], ['pending', 0])
    const { id } = onItsWay ?? { id: '' }
    await scene.storage.settle({ id, attempt: 1, target: null }, { type: 'sent', target: '9' }, scene.at)
    assert.equal((await scene.storage.delivery(id))?.state, 'sent')
  },

  async 'sent: notes where the message stands'(scene) {
    const { sending } = await sendingOne(scene)
    await scene.storage.settle(sending, { type: 'sent', target: '9' }, 2_000)
    const sent = await scene.storage.delivery(sending.id)
    assert.deepEqual([sent?.state, sent?.target, sent?.settledAt, sent?.error], ['sent', '9', 2_000, null])
  },

  async 'surely not sent: tried again at its time, and not before; what is behind waits'(scene) {
    const { storage } = scene
    const { sending } = await sendingOne(scene)
    await storage.settle(sending, { type: 'retrying', nextAt: 5_000, error }, scene.at)
    const waiting = await storage.delivery(sending.id)
    assert.deepEqual(
      [waiting?.state, waiting?.nextAt, waiting?.error, waiting?.uncertainCount],
      ['retrying', 5_000, error, 0],
    )
    assert.deepEqual(await storage.take(address, 4_999), { type: 'later', at: 5_000 })
    const again = await storage.take(address, 5_000)
    assert.deepEqual([deliveryIn(again).id, deliveryIn(again).attempt], [sending.id, 2])
    assert.equal(again.type === 'delivery' && again.wasUncertain, false)
  },

  async 'may have been sent: counted, and tried again as such'(scene) {
    const { storage } = scene
    const { sending } = await sendingOne(scene)
    await storage.settle(sending, { type: 'uncertain', nextAt: 5_000, error, counted: true }, scene.at)
    assert.deepEqual(await storage.take(address, 4_999), { type: 'later', at: 5_000 })
    const again = await storage.take(address, 5_000)
    assert.equal(again.type === 'delivery' && again.wasUncertain, true)
    assert.deepEqual([deliveryIn(again).attempt, deliveryIn(again).uncertainCount], [2, 1])
  },

  async 'held, dead and discarded ones do not block their destination'(scene) {
    const { storage } = scene
    for (const type of ['held', 'dead'] as const) {
      const { id, behind } = await stuck(scene, { type, error, counted: type === 'held' })
      const after = await storage.delivery(id)
      assert.deepEqual([after?.state, after?.uncertainCount, after?.error], [type, type === 'held' ? 1 : 0, error])
      const next = deliveryIn(await storage.take(address, scene.at))
      assert.equal(next.id, behind.id)
      await storage.settle(next, { type: 'sent', target: '9' }, scene.at)
    }
    const { id, behind } = await stuck(scene, { type: 'dead', error, counted: false })
    await storage.discardDelivery(id, scene.at)
    assert.equal(deliveryIn(await storage.take(address, scene.at)).id, behind.id)
  },

  async 'counts a send once, however often it is asked for afterwards'(scene) {
    const { storage } = scene
    const { sending } = await sendingOne(scene)
    await storage.settle(sending, { type: 'uncertain', nextAt: 1_000, error, counted: true }, scene.at)
    const asked = deliveryIn(await storage.take(address, scene.at))
    await storage.settle(asked, { type: 'uncertain', nextAt: 1_000, error, counted: false }, scene.at)
    const given = deliveryIn(await storage.take(address, scene.at))
    await storage.settle(given, { type: 'held', error, counted: false }, scene.at)
    assert.equal((await storage.delivery(sending.id))?.uncertainCount, 1)
  },

  async 'looks a dead letter up that may have arrived, when an operator retries it'(scene) {
    const { storage } = scene
    const { id } = await stuck(scene, { type: 'dead', error, counted: true })
    assert.equal((await storage.delivery(id))?.uncertainCount, 1)
    await storage.retryDelivery(id, scene.at)
    const taken = await storage.take(address, scene.at)
    assert.equal(taken.type === 'delivery' && taken.wasUncertain, true)
  },

  async 'posts anew at once when the message to edit is gone'(scene) {
    const { storage } = scene
    const { sending } = await sendingOne(scene)
    await storage.settle({ ...sending, target: '9' }, { type: 'repost', error }, scene.at)
    const again = deliveryIn(await storage.take(address, scene.at))
    assert.deepEqual([again.id, again.target, again.attempt, again.uncertainCount], [sending.id, null, 2, 0])
  },

  async 'keeps the target of an edit that is tried again'(scene) {
    const { storage } = scene
    const { sending } = await sendingOne(scene)
    await storage.settle({ ...sending, target: '9' }, { type: 'retrying', nextAt: 1_000, error }, scene.at)
    assert.equal(deliveryIn(await storage.take(address, scene.at)).target, '9')
  },

  async 'refuses to settle a try that is over'(scene) {
    const { storage } = scene
    const { sending } = await sendingOne(scene)
    await storage.settle(sending, { type: 'retrying', nextAt: 1_000, error }, scene.at)
    await refused(storage.settle(sending, { type: 'sent', target: '9' }, scene.at))
    await storage.take(address, scene.at)
    await refused(storage.settle(sending, { type: 'sent', target: '9' }, scene.at))
    assert.deepEqual(
      [(await storage.delivery(sending.id))?.state, (await storage.delivery(sending.id))?.attempt],
      ['sending', 2],
    )
  },

  async 'refuses to place what is not being posted'(scene) {
    const { storage } = scene
    const draft = deliveryOf(null)
    await storage.post([draft], scene.at)
    await refused(storage.place(draft.id, '9'))
    await refused(storage.place('unknown', '9'))
  },

  async 'queues a held or dead delivery again in its old place, with fresh tries'(scene) {
    const { storage } = scene
    for (const type of ['held', 'dead'] as const) {
      const { id, behind } = await stuck(scene, { type, error, counted: type === 'held' })
      assert.equal((await storage.delivery(id))?.retriedAt, null)
      assert.deepEqual(await storage.retryDelivery(id, 2_000), { destination: address })
      const taken = await storage.take(address, 2_000)
      const again = deliveryIn(taken)
      assert.deepEqual([again.id, again.attempt, again.settledAt], [id, 1, null])
      // Its age counts from now on, and nobody has to forget when it was written.
      assert.deepEqual([again.createdAt, again.retriedAt], [1_000, 2_000])
      // What was held may have arrived, and is looked up where that can be done; what was refused has not.
      assert.equal(taken.type === 'delivery' && taken.wasUncertain, type === 'held')
      await storage.settle(again, { type: 'sent', target: '9' }, scene.at)
      const next = deliveryIn(await storage.take(address, scene.at))
      assert.equal(next.id, behind.id)
      await storage.settle(next, { type: 'sent', target: '10' }, scene.at)
    }
  },

  async 'discards a held or dead delivery for good'(scene) {
    const { storage } = scene
    for (const type of ['held', 'dead'] as const) {
      const { id, behind } = await stuck(scene, { type, error, counted: type === 'held' })
      assert.deepEqual(await storage.discardDelivery(id, 3_000), { destination: address })
      assert.deepEqual(
        [(await storage.delivery(id))?.state, (await storage.delivery(id))?.settledAt],
        ['discarded', 3_000],
      )
      assert.deepEqual(await storage.retryDelivery(id, scene.at), { state: 'discarded' })
      const next = deliveryIn(await storage.take(address, scene.at))
      assert.equal(next.id, behind.id)
      await storage.settle(next, { type: 'sent', target: '10' }, scene.at)
    }
  },

  async 'leaves every other delivery to the outbox: an operator is told its state'(scene) {
    const { storage } = scene
    const { sending, behind } = await sendingOne(scene)
    const expect = async (id: string, state: DeliveryState) => {
      assert.deepEqual(await storage.retryDelivery(id, scene.at), { state })
      assert.deepEqual(await storage.discardDelivery(id, scene.at), { state })
      assert.equal((await storage.delivery(id))?.state, state)
    }
    await expect(behind.id, 'pending')
    await expect(sending.id, 'sending')
    await storage.settle(sending, { type: 'uncertain', nextAt: 1_000, error, counted: true }, scene.at)
    await expect(sending.id, 'uncertain')
    const again = deliveryIn(await storage.take(address, scene.at))
    await storage.settle(again, { type: 'retrying', nextAt: 1_000, error }, scene.at)
    await expect(sending.id, 'retrying')
    const last = deliveryIn(await storage.take(address, scene.at))
    await storage.settle(last, { type: 'sent', target: '9' }, scene.at)
    await expect(sending.id, 'sent')
    assert.equal(await storage.retryDelivery('unknown', scene.at), null)
    assert.equal(await storage.discardDelivery('unknown', scene.at), null)
  },
}
