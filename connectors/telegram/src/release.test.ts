import { generateKeyPairSync } from 'node:crypto'
import { createAsyncv, createVault, hashOf, keyFingerprint, newMasterKey, publicKeyFrom, signEnvelope } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { telegramConnector } from './index.ts'
import { fakeTelegram } from './testing/index.ts'

const token = '4242:the-right-one'

test('an unchanged bot stays connected through releases, and the vault’s token goes where the operator widened it', async () => {
  const tg = await fakeTelegram({ token })
  onTestFinished(() => tg.close())
  const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const publicKey = publicKeyFrom(privateKey)
  const trusted = { name: 'command', publicKey, fingerprint: keyFingerprint(publicKey), addedAt: 0 }
  const asyncv = createAsyncv({
    vault: createVault({ key: newMasterKey() }),
    storage: sqlite(':memory:'),
    agents: [],
    definitions: async () => [telegramConnector],
    releases: { trust: { publishers: () => [trusted] } },
  })
  onTestFinished(() => asyncv.stop({ drainMs: 0 }))
  await asyncv.start()
  const document = (n: number) => ({
    schemaVersion: 1,
    agents: [{ name: 'helper', model: 'offline/demo', instructions: `Release ${n}.` }],
    routes: [{ connector: 'tg', agent: 'helper' }],
    connectors: {
      tg: {
        type: 'telegram',
        options: { token: { $secret: 'TOKEN' }, apiRoot: tg.url, allow: 'everyone', limits: { perChatMs: 0 } },
      },
    },
  })
  let sequence = 0
  async function publish(): Promise<void> {
    const { runtime, current } = await asyncv.releases.state()
    sequence += 1
    const next = document(sequence)
    const unsigned = { hash: hashOf(next), parentHash: current?.hash ?? null, audience: runtime }
    const envelope = signEnvelope({ ...unsigned, publisher: 'command', sequence, createdAt: 1 }, privateKey)
    await asyncv.releases.apply({ envelope, document: next })
  }
  await asyncv.secrets.put({ name: 'TOKEN', value: token })
  await expect(publish()).rejects.toMatchObject({
    code: 'release_invalid',
    problems: [{ pointer: '/connectors/tg/options/apiRoot' }],
  })
  expect(tg.calls('getMe')).toBe(0)
  await asyncv.secrets.put({ name: 'TOKEN', value: token, origins: ['https://api.telegram.org', tg.url] })
  for (let n = 0; n < 20; n++) {
    await publish()
    tg.say(7, `message ${n}`)
    await tg.next(7, (sent) => sent.text !== '…')
  }
  expect(tg.calls('getMe')).toBe(1)
  // One poll for each message that came, and the one that is open.
  expect(tg.calls('getUpdates')).toBeLessThanOrEqual(22)
})
