/** The audit log: every action in the transaction that carries it out, one chain, and lists to read it by. */
import assert from 'node:assert/strict'
import type { Actor, AuditEntry } from '../../audit.ts'
import { emptyHead, hashOf, stateHash } from '../../audit-chain.ts'
import { AuditLog } from '../../audit-log.ts'
import type { StoredKey } from '../../key-store.ts'
import { accept, address, begin, deliveryOf, finishOf, newId, type Scene } from './scene.ts'

const ann: Actor = { id: 'command', name: 'ann' }
const operator: Actor = { id: 'operator', name: null }

function keyOf(id: string): StoredKey {
  return {
    id,
    hash: 'ab',
    name: 'reports',
    space: 'sales',
    scopes: ['read'],
    agents: null,
    createdAt: 1_000,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
  }
}

async function entries({ storage }: Scene): Promise<AuditEntry[]> {
  return (await storage.audit({ order: 'oldest' })).data
}

function told(list: readonly AuditEntry[]): unknown[] {
  return list.map(({ n, at, actor, action, target }) => [n, at, actor.id, action, target])
}

export const auditing: Record<string, (scene: Scene) => Promise<void>> = {
  async 'writes down who made and revoked a key, and what the key was before and after'(scene) {
    const { storage } = scene
    assert.deepEqual(await storage.auditHead(), emptyHead)
    await storage.createKey(keyOf('k1'), ann)
    await storage.revokeKey('k1', 2_000, operator)
    const [made, revoked] = await entries(scene)
    const { hash: _, lastUsedAt: __, ...decided } = keyOf('k1')
    const about = { target: 'k1', afterHash: stateHash(decided) }
    const first = { n: 1, at: 1_000, actor: ann, action: 'key.created', beforeHash: null, prevHash: emptyHead.hash }
    assert.deepEqual(made, { ...first, ...about, hash: hashOf({ ...first, ...about }) })
    assert.deepEqual(told(await entries(scene))[1], [2, 2_000, 'operator', 'key.revoked', 'k1'])
    assert.equal(revoked?.beforeHash, stateHash(decided))
    assert.equal(revoked?.afterHash, stateHash({ ...decided, revokedAt: 2_000 }))
    assert.equal(revoked?.prevHash, made?.hash)
    assert.deepEqual(await storage.auditHead(), { n: 2, hash: revoked?.hash })
  },

  async 'writes down what changed nothing in the database'(scene) {
    const { storage } = scene
    await storage.createKey(keyOf('k1'), ann)
    const [before, after] = [{ connected: true }, { connected: false }]
    const deed = { at: 2_000, by: operator, action: 'connector.stopped', target: 'tg', before, after } as const
    await storage.writeDown(deed)
    const [made, stopped] = await entries(scene)
    assert.deepEqual(told(await entries(scene))[1], [2, 2_000, 'operator', 'connector.stopped', 'tg'])
    assert.equal(stopped?.beforeHash, stateHash(before))
    assert.equal(stopped?.afterHash, stateHash(after))
    assert.equal(stopped?.prevHash, made?.hash)
    assert.deepEqual(await storage.auditHead(), { n: 2, hash: stopped?.hash })
  },

  async 'writes nothing down where nothing was done'(scene) {
    const { storage } = scene
    await storage.createKey(keyOf('k1'), ann)
    await assert.rejects(storage.createKey(keyOf('k1'), ann))
    await storage.revokeKey('k1', 2_000, ann)
    await storage.revokeKey('k1', 3_000, ann)
    await storage.revokeKey('k9', 3_000, ann)
    const running = await begin(scene)
    await storage.retry(running.task, { task: newId(), message: newId() }, scene.at, ann)
    await storage.cancel('unknown', scene.at, ann)
    await storage.discardDelivery('unknown', scene.at, ann)
    assert.equal((await entries(scene)).length, 2)
  },

  async 'writes down who cancelled and retried a task, and no cancel without a name'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const waiting = await accept(scene)
    await storage.cancel(running.task, scene.at)
    await storage.cancel(waiting.task, 3_000, ann)
    await storage.cancel(running.task, 4_000, operator)
    await storage.retry(waiting.task, { task: newId(), message: newId() }, 5_000, ann)
    assert.deepEqual(told(await entries(scene)), [
      [1, 3_000, 'command', 'task.cancelled', waiting.task],
      [2, 4_000, 'operator', 'task.cancelled', running.task],
      [3, 5_000, 'command', 'task.retried', waiting.task],
    ])
    const [cancelled, asked, retried] = await entries(scene)
    const state = (task: string, is: string): string => stateHash({ id: task, state: is })
    assert.equal(cancelled?.beforeHash, state(waiting.task, 'queued'))
    assert.equal(cancelled?.afterHash, state(waiting.task, 'cancelled'))
    assert.equal(asked?.afterHash, state(running.task, 'running'))
    assert.equal(retried?.afterHash, state(waiting.task, 'queued'))
  },

  async 'writes down who retried and discarded a delivery'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const answer = deliveryOf(running.task, 0)
    await storage.finish(finishOf(scene, running, { deliveries: [answer] }))
    const error = { code: 'connector_failed', message: 'blocked' } as const
    const dies = async (): Promise<void> => {
      const taken = await storage.take(address, scene.at)
      assert.ok(taken.type === 'delivery')
      await storage.settle(taken.delivery, { type: 'dead', error, counted: false }, scene.at)
    }
    await dies()
    await storage.retryDelivery(answer.id, scene.at, ann)
    await dies()
    await storage.discardDelivery(answer.id, scene.at, operator)
    await storage.discardDelivery(answer.id, scene.at, operator)
    assert.deepEqual(told(await entries(scene)), [
      [1, scene.at, 'command', 'delivery.retried', answer.id],
      [2, scene.at, 'operator', 'delivery.discarded', answer.id],
    ])
    const [retried] = await entries(scene)
    assert.equal(retried?.beforeHash, stateHash({ id: answer.id, state: 'dead' }))
    assert.equal(retried?.afterHash, stateHash({ id: answer.id, state: 'retrying' }))
  },

  async 'lists the newest first, in pages, by action and by actor'({ storage }) {
    for (const id of ['k1', 'k2', 'k3']) await storage.createKey(keyOf(id), id === 'k2' ? operator : ann)
    await storage.revokeKey('k1', 2_000, ann)
    const numbers = async (filter: Parameters<typeof storage.audit>[0]) =>
      (await storage.audit(filter)).data.map(({ n }) => n)
    const first = await storage.audit({ limit: 3 })
    assert.deepEqual(
      first.data.map(({ n }) => n),
      [4, 3, 2],
    )
    const second = await storage.audit({ limit: 3, cursor: first.nextCursor ?? '' })
    assert.deepEqual([second.data.map(({ n }) => n), second.nextCursor], [[1], null])
    assert.deepEqual(await numbers({ action: 'key.created' }), [3, 2, 1])
    assert.deepEqual(await numbers({ actor: 'command', order: 'oldest' }), [1, 3, 4])
    assert.deepEqual(await numbers({ action: 'key.revoked', actor: 'operator' }), [])
  },

  async 'appends one after the other, also what is done at once'(scene) {
    const { storage } = scene
    await Promise.all(Array.from({ length: 40 }, (_, n) => storage.createKey(keyOf(`k${n}`), ann)))
    assert.deepEqual(
      (await entries(scene)).map(({ n }) => n),
      Array.from({ length: 40 }, (_, n) => n + 1),
    )
    const verdict = await new AuditLog(() => storage).verify()
    assert.deepEqual([verdict.whole, verdict.entries], [true, 40])
  },

  async 'gives back to the letter what was written, whatever somebody is called'(scene) {
    const { storage } = scene
    const names = ['名\u0000\ud800', '\u001b[31mred', 'x'.repeat(300), '"\\\n']
    for (const [n, name] of names.entries()) await storage.createKey(keyOf(`k${n}`), { id: 'command', name })
    assert.deepEqual(
      (await entries(scene)).map(({ actor }) => actor.name),
      ['名 \ufffd', ' [31mred', 'x'.repeat(200), '"\\ '],
    )
    assert.equal((await new AuditLog(() => storage).verify()).whole, true)
  },
}
