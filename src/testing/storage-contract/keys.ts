/** API keys, and the lists that only show what belongs to a space or to agents. */
import assert from 'node:assert/strict'
import type { Actor } from '../../audit.ts'
import type { StoredKey } from '../../key-store.ts'
import { accept, arrivalOf, begin, deliveryOf, finishOf, type Scene } from './scene.ts'

const stored: StoredKey = {
  id: 'k1',
  hash: 'ab',
  name: 'reports',
  space: 'sales',
  scopes: ['invoke', 'read'],
  agents: ['support'],
  createdAt: 1_000,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
}
const { hash: _, ...shown } = stored
const ann: Actor = { id: 'command', name: 'ann' }

export const keys: Record<string, (scene: Scene) => Promise<void>> = {
  async 'keeps API keys, and lists them newest first without their hashes'({ storage }) {
    assert.equal(await storage.key('k1'), null)
    await storage.createKey(stored, ann)
    await storage.createKey({ ...stored, id: 'k2', agents: null, expiresAt: 5_000 }, ann)
    assert.deepEqual(await storage.key('k1'), stored)
    const first = await storage.keys({ limit: 1 })
    assert.deepEqual(first.data, [{ ...shown, id: 'k2', agents: null, expiresAt: 5_000 }])
    const second = await storage.keys({ limit: 1, cursor: first.nextCursor ?? '' })
    assert.deepEqual(second, { data: [shown], nextCursor: null })
  },

  async 'revokes a key once'({ storage }) {
    await storage.createKey(stored, ann)
    assert.equal((await storage.revokeKey('k1', 2_000, ann))?.revokedAt, 2_000)
    assert.equal((await storage.revokeKey('k1', 3_000, ann))?.revokedAt, 2_000)
    assert.equal(await storage.revokeKey('k9', 2_000, ann), null)
  },

  async 'knows whether a key was ever made, also when it is good no more'({ storage }) {
    assert.equal(await storage.anyKey(), false)
    await storage.createKey({ ...stored, expiresAt: 5_000 }, ann)
    assert.equal(await storage.anyKey(), true)
    await storage.revokeKey('k1', 2_000, ann)
    assert.equal(await storage.anyKey(), true)
  },

  async 'notes when a key was last used, and never an earlier time'({ storage }) {
    await storage.createKey(stored, ann)
    await storage.noteUse(new Map([['k1', 3_000]]))
    await storage.noteUse(
      new Map([
        ['k1', 2_000],
        ['k9', 2_000],
      ]),
    )
    assert.equal((await storage.key('k1'))?.lastUsedAt, 3_000)
  },

  async 'lists what belongs to a space, or to agents'(scene) {
    const { storage } = scene
    const arrival = arrivalOf(scene, { address: 'api:sales:support:u' })
    await storage.accept({ ...arrival, session: { ...arrival.session, space: 'sales' } })
    const other = await accept(scene)
    const names = async (filter: { space?: string; agents?: string[] }): Promise<string[]> => {
      const tasks = (await storage.tasks(filter)).data.map(({ id }) => id)
      const sessions = (await storage.sessions(filter)).data.map(({ space }) => space)
      return [...tasks.map((id) => (id === other.task ? 'default' : 'sales')), ...sessions].sort()
    }
    assert.deepEqual(await names({ space: 'sales' }), ['sales', 'sales'])
    assert.deepEqual(await names({ space: 'default' }), ['default', 'default'])
    assert.deepEqual(await names({ space: 'sales', agents: ['support'] }), ['sales', 'sales'])
    assert.deepEqual(await names({ agents: ['billing'] }), [])
    assert.equal((await names({})).length, 4)
  },

  async 'lists deliveries of a space: posts belong to the default one'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const answer = deliveryOf(running.task, 0)
    await storage.finish(finishOf(scene, running, { deliveries: [answer] }))
    const post = { ...deliveryOf(running.task, 0), task: null, key: 'post/1', kind: 'post' as const }
    await storage.post([post], scene.at)
    const ids = async (filter: { space?: string; agents?: string[] }): Promise<string[]> =>
      (await storage.deliveries(filter)).data.map(({ id }) => id).sort()
    assert.deepEqual(await ids({ space: 'default' }), [answer.id, post.id].sort())
    assert.deepEqual(await ids({ space: 'default', agents: ['support'] }), [answer.id])
    assert.deepEqual(await ids({ space: 'sales' }), [])
  },
}
