/** Forgetting: what ended long ago goes as a whole, what is open stays, and what comes twice is still recognised. */
import assert from 'node:assert/strict'
import type { Forgettable } from '../../storage.ts'
import {
  accept,
  accepted,
  arrivalOf,
  begin,
  claim,
  commandOf,
  deliveryOf,
  fenceOf,
  finishOf,
  newId,
  type Scene,
  stepOf,
  text,
} from './scene.ts'

const sent = { type: 'sent', target: '1' } as const

export const forgetting: Record<string, (scene: Scene) => Promise<void>> = {
  async 'forgets what ended before then, with all that belongs to it, and the session that is left empty'(scene) {
    const { storage } = scene
    const old = await begin(scene, { key: 'k1', address: 'tg:1:old:-' })
    const taken = await accept(scene, { whenBusy: 'steer', address: 'tg:1:old:-' })
    await storage.absorb(old.fence, 1, scene.at)
    const answer = deliveryOf(old.task, 0, { state: 'sending' })
    await storage.finish(finishOf(scene, old, { steps: [stepOf(2)], deliveries: [answer] }))
    await storage.settle({ id: answer.id, attempt: 1, target: null }, sent, scene.at)
    scene.at = 5_000
    const young = await begin(scene, { address: 'tg:1:young:-' })
    await storage.finish(finishOf(scene, young))

    await forgetAll(scene, 5_000)
    for (const { task, message } of [old, taken]) {
      assert.equal(await storage.task(task), null)
      assert.equal(await storage.trace(message), null)
      assert.deepEqual(await storage.steps(task), [])
    }
    assert.equal(await storage.delivery(answer.id), null)
    assert.equal(await storage.session(old.session), null)
    assert.equal((await storage.task(young.task))?.state, 'done')
    assert.equal((await storage.session(young.session))?.id, young.session)
    assert.equal((await storage.trace(young.message))?.message.id, young.message)
  },

  async 'keeps what waits, runs, is to be sent or has to be decided about, however old it is'(scene) {
    const { storage } = scene
    const states = ['pending', 'sending', 'dead'] as const
    const kept: string[] = []
    for (const state of states) {
      const task = await begin(scene, { address: `tg:1:${state}:-` })
      const delivery = deliveryOf(task.task, 0, { state: state === 'dead' ? 'sending' : state, destination: state })
      await storage.finish(finishOf(scene, task, { deliveries: [delivery] }))
      if (state === 'dead') {
        const error = { code: 'connector_failed', message: 'refused', retryable: false } as const
        const dead = { type: 'dead', error, counted: false } as const
        await storage.settle({ id: delivery.id, attempt: 1, target: null }, dead, scene.at)
      }
      kept.push(task.task)
    }
    const running = await begin(scene, { address: 'tg:1:running:-' })
    const queued = await accept(scene, { address: 'tg:1:running:-' })
    const post = deliveryOf(null)
    await storage.post([post], scene.at)
    const command = commandOf(scene, 'none')
    const notice = deliveryOf(null, 0, { message: command.message.id, kind: 'notice' })
    await storage.carryOut({ ...command, notice })

    await forgetAll(scene, 1_000_000)
    for (const task of [...kept, running.task, queued.task]) assert.notEqual(await storage.task(task), null)
    for (const { id } of [post, notice]) assert.notEqual(await storage.delivery(id), null)
    assert.notEqual(await storage.trace(command.message.id), null)
  },

  async 'counts from the end of a task, not from when its message came'(scene) {
    const { storage } = scene
    const long = await begin(scene)
    scene.at = 5_000
    await storage.finish(finishOf(scene, long))
    await forgetAll(scene, 5_000)
    assert.equal((await storage.task(long.task))?.state, 'done')
    await forgetAll(scene, 5_001)
    assert.equal(await storage.task(long.task), null)
  },

  async 'forgets commands with their notices, and posts, once they are sent'(scene) {
    const { storage } = scene
    const command = commandOf(scene, 'none')
    const notice = deliveryOf(null, 0, { message: command.message.id, kind: 'notice', state: 'sending' })
    const outcome = await storage.carryOut({ ...command, notice })
    const post = deliveryOf(null, 0, { state: 'sending', destination: 'elsewhere' })
    await storage.post([post], scene.at)
    for (const { id } of [notice, post]) await storage.settle({ id, attempt: 1, target: null }, sent, scene.at)

    await forgetAll(scene, 1_001)
    for (const { id } of [notice, post]) assert.equal(await storage.delivery(id), null)
    assert.equal(await storage.trace(command.message.id), null)
    assert.equal(outcome.type === 'carried-out' && (await storage.session(outcome.session)), null)
  },

  async 'recognises a repeat of what it has forgotten, until its key is forgotten too'(scene) {
    const { storage } = scene
    const first = await begin(scene, { key: 'k1', scope: 'a' })
    await storage.finish(finishOf(scene, first))
    for (const what of ['tasks', 'sessions'] as const) await walk(scene, what, 2_000)
    const repeated = await storage.accept(arrivalOf(scene, { key: 'k1', scope: 'a' }))
    assert.deepEqual(repeated, {
      type: 'duplicate',
      message: first.message,
      task: null,
      session: '',
      sameBody: true,
    })
    await walk(scene, 'dedupe', 1_000)
    assert.equal((await storage.accept(arrivalOf(scene, { key: 'k1', scope: 'a' }))).type, 'duplicate')
    await walk(scene, 'dedupe', 1_001)
    accepted(await storage.accept(arrivalOf(scene, { key: 'k1', scope: 'a' })))
  },

  async 'goes on with a session whose beginning it has forgotten'(scene) {
    const { storage } = scene
    const first = await begin(scene)
    await storage.finish(finishOf(scene, first, { reply: 'one' }))
    scene.at = 2_000
    const second = await begin(scene)
    await storage.finish(finishOf(scene, second, { reply: 'two' }))
    await forgetAll(scene, 2_000)
    const third = await begin(scene)
    assert.deepEqual([third.session, third.seq], [first.session, 3])
    const turns = await storage.history(first.session, 1_000)
    assert.deepEqual(
      turns.map(({ messages }) => messages.at(-1)?.parts),
      [text('two')],
    )
  },

  async 'leaves to a retry what it took for forgotten'(scene) {
    const { storage } = scene
    const failed = await begin(scene)
    await storage.finish(finishOf(scene, failed, { outcome: 'failed' }))
    await storage.retry(failed.task, { task: newId(), message: newId() }, scene.at)
    await forgetAll(scene, 2_000)
    const again = await claim(scene, failed.session)
    assert.equal(again.id, failed.task)
    await storage.finish(finishOf(scene, { session: failed.session, fence: fenceOf(again) }))
    await forgetAll(scene, 2_000)
    assert.equal(await storage.task(failed.task), null)
  },

  async 'forgets many in pieces, of which each says where the next begins'(scene) {
    const { storage } = scene
    const tasks: string[] = []
    for (let n = 0; n < 450; n++) {
      const one = await begin(scene, { address: `tg:1:${n}:-`, key: String(n) })
      tasks.push(one.task)
      // Every third is still running, so that a piece has rows that stay.
      if (n % 3 > 0) await storage.finish(finishOf(scene, one))
    }
    assert.ok((await walk(scene, 'tasks', 2_000)) >= 3)
    const left = await Promise.all(tasks.map((id) => storage.task(id)))
    assert.deepEqual(
      left.map((task) => task !== null),
      tasks.map((_, n) => n % 3 === 0),
    )
    assert.ok((await walk(scene, 'dedupe', 2_000)) >= 3)
    accepted(await storage.accept(arrivalOf(scene, { key: '449', address: 'tg:1:anew:-' })))
  },
}

async function forgetAll(scene: Scene, before: number): Promise<void> {
  for (const what of ['tasks', 'commands', 'posts', 'sessions'] as const) await walk(scene, what, before)
}

/** Gives how many pieces it took. */
async function walk({ storage }: Scene, what: Forgettable, before: number): Promise<number> {
  let pieces = 0
  for (let after: string | null = null; pieces < 100; ) {
    pieces++
    after = await storage.forget(what, before, after)
    if (after === null) return pieces
  }
  throw new Error(`forgetting ${what} has no end`)
}
