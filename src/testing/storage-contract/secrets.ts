/** Secrets: rows that the storage keeps and cannot read. */
import assert from 'node:assert/strict'
import type { Actor } from '../../audit.ts'
import { stateHash } from '../../audit-chain.ts'
import type { StoredSecret } from '../../secret-store.ts'
import type { Scene } from './scene.ts'

const first: StoredSecret = {
  name: 'MODEL_KEY',
  version: 1,
  cipher: 'c2VhbGVk',
  nonce: 'bm9uY2U=',
  keyId: '0123456789abcdef',
  origins: ['https://api.openai.com'],
  at: 1_000,
}

const ann: Actor = { id: 'command', name: 'ann' }

export const secrets: Record<string, (scene: Scene) => Promise<void>> = {
  async 'keeps secrets as they are, and lists them by name'({ storage }) {
    assert.deepEqual(await storage.secrets(), [])
    await storage.putSecret(first, ann)
    await storage.putSecret({ ...first, name: 'CHAT_TOKEN', origins: null }, ann)
    assert.deepEqual(await storage.secrets(), [{ ...first, name: 'CHAT_TOKEN', origins: null }, first])
  },

  async 'puts a version of a secret in the place of the one before, and of no other'({ storage }) {
    await storage.putSecret(first, ann)
    await storage.putSecret({ ...first, version: 2, cipher: 'bmV3', origins: null, at: 2_000 }, ann)
    for (const version of [1, 2, 4]) {
      await assert.rejects(storage.putSecret({ ...first, version }, ann), { code: 'state_conflict' })
    }
    await assert.rejects(storage.putSecret({ ...first, name: 'OTHER', version: 2 }, ann), { code: 'state_conflict' })
    assert.deepEqual(await storage.secrets(), [{ ...first, version: 2, cipher: 'bmV3', origins: null, at: 2_000 }])
  },

  async 'removes a secret once'({ storage }) {
    await storage.putSecret(first, ann)
    assert.equal(await storage.removeSecret('MODEL_KEY', 3_000, ann), true)
    assert.equal(await storage.removeSecret('MODEL_KEY', 3_000, ann), false)
    assert.deepEqual(await storage.secrets(), [])
  },

  async 'writes down who set and removed a secret, and nothing of what is sealed'({ storage }) {
    await storage.putSecret(first, ann)
    await assert.rejects(storage.putSecret(first, ann), { code: 'state_conflict' })
    await storage.removeSecret('MODEL_KEY', 3_000, ann)
    await storage.removeSecret('MODEL_KEY', 4_000, ann)
    const { cipher: _, nonce: __, ...decided } = first
    const about = { actor: ann, target: 'MODEL_KEY' }
    const { data } = await storage.audit({ order: 'oldest' })
    assert.deepEqual(
      data.map(({ n: _, prevHash: __, hash: ___, ...entry }) => entry),
      [
        { ...about, at: 1_000, action: 'secret.set', beforeHash: null, afterHash: stateHash(decided) },
        { ...about, at: 3_000, action: 'secret.removed', beforeHash: stateHash(decided), afterHash: null },
      ],
    )
  },
}
