/** Secrets: rows that the storage keeps and cannot read. */
import assert from 'node:assert/strict'
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

export const secrets: Record<string, (scene: Scene) => Promise<void>> = {
  async 'keeps secrets as they are, and lists them by name'({ storage }) {
    assert.deepEqual(await storage.secrets(), [])
    await storage.putSecret(first)
    await storage.putSecret({ ...first, name: 'CHAT_TOKEN', origins: null })
    assert.deepEqual(await storage.secrets(), [{ ...first, name: 'CHAT_TOKEN', origins: null }, first])
  },

  async 'puts a version of a secret in the place of the one before, and of no other'({ storage }) {
    await storage.putSecret(first)
    await storage.putSecret({ ...first, version: 2, cipher: 'bmV3', origins: null, at: 2_000 })
    for (const version of [1, 2, 4]) {
      await assert.rejects(storage.putSecret({ ...first, version }), { code: 'state_conflict' })
    }
    await assert.rejects(storage.putSecret({ ...first, name: 'OTHER', version: 2 }), { code: 'state_conflict' })
    assert.deepEqual(await storage.secrets(), [{ ...first, version: 2, cipher: 'bmV3', origins: null, at: 2_000 }])
  },

  async 'removes a secret once'({ storage }) {
    await storage.putSecret(first)
    assert.equal(await storage.removeSecret('MODEL_KEY'), true)
    assert.equal(await storage.removeSecret('MODEL_KEY'), false)
    assert.deepEqual(await storage.secrets(), [])
  },
}
