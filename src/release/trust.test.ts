import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createAsyncv } from '../asyncv.ts'
import { sqlite } from '../sqlite/index.ts'
import { keyFingerprint } from './envelope.ts'
import { TrustFile } from './trust.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const other = Buffer.alloc(32, 8).toString('base64')

function place(): { file: string; trust: TrustFile } {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-trust-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'data', 'trust.json')
  return { file, trust: new TrustFile(file) }
}

test('no file is nobody', () => {
  expect(place().trust.publishers()).toEqual([])
})

test('a publisher is added, gets another key, and is removed', () => {
  const { trust, file } = place()
  const added = { name: 'command', publicKey: key, fingerprint: keyFingerprint(key), addedAt: 1 }
  expect(trust.add('command', key, 1)).toEqual(added)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(trust.publishers()).toEqual([added])
  trust.add('command', other, 2)
  expect(trust.publishers().map(({ publicKey }) => publicKey)).toEqual([other])
  expect(trust.remove('command')?.publicKey).toBe(other)
  expect(trust.remove('command')).toBeNull()
  expect(trust.publishers()).toEqual([])
})

test('a list is begun once: who was removed does not come back', () => {
  const { trust } = place()
  expect(trust.begin('command', key, 1)).not.toBeNull()
  trust.remove('command')
  expect(trust.begin('command', key, 2)).toBeNull()
  expect(trust.publishers()).toEqual([])
})

test('the name of the operator’s own file cannot be taken, nor one that is no name', () => {
  const { trust } = place()
  expect(() => trust.add('file', key, 1)).toThrow('The name of a publisher: is what the operator’s file is called.')
  expect(() => trust.add('My Studio', key, 1)).toThrow('The name of a publisher: use 1 to 64 lowercase letters')
  expect(() => trust.add('studio', 'short', 1)).toThrow('The publicKey of a publisher: expected 32 bytes in base64.')
})

test.skipIf(process.platform === 'win32').each([0o602, 0o620])('a file of mode %o trusts nobody', (mode) => {
  const { trust, file } = place()
  trust.add('command', key, 1)
  chmodSync(file, mode)
  expect(() => trust.publishers()).toThrow(expect.objectContaining({ code: 'trust_unusable' }))
})

test.each([
  ['no JSON', 'sesame', 'is broken at its top'],
  ['an unknown field', '{"publishers":[],"everybody":true}', 'is broken at its top'],
  [
    'a key that its fingerprint does not fit',
    JSON.stringify({ publishers: [{ name: 'a', publicKey: key, fingerprint: keyFingerprint(other), addedAt: 1 }] }),
    'gives "a" a fingerprint that its key does not have',
  ],
  [
    'a name twice',
    JSON.stringify({
      publishers: [key, other].map((one) => ({
        name: 'a',
        publicKey: one,
        fingerprint: keyFingerprint(one),
        addedAt: 1,
      })),
    }),
    'has "a" twice',
  ],
])('%s makes it unusable, and says where', (_, text, message) => {
  const { trust, file } = place()
  trust.add('command', key, 1)
  writeFileSync(file, text)
  expect(() => trust.publishers()).toThrow(message)
  expect(() => trust.add('b', other, 1)).toThrow(expect.objectContaining({ code: 'trust_unusable' }))
})

test('a runtime says whom it trusts, and that its list cannot be used', async () => {
  const { trust, file } = place()
  trust.add('command', key, 1)
  const asyncv = createAsyncv({ storage: sqlite(':memory:'), agents: [], releases: { trust } })
  onTestFinished(() => asyncv.stop())
  await asyncv.start()
  expect((await asyncv.releases.state()).trusted).toEqual([{ name: 'command', fingerprint: keyFingerprint(key) }])
  writeFileSync(file, 'no list')
  expect((await asyncv.releases.state()).trusted).toBeNull()
})

test.skipIf(process.platform === 'win32')(
  'a folder that others can write to says nobody: they could replace the list',
  () => {
    const { file, trust } = place()
    trust.add('command', key, 1)
    chmodSync(join(file, '..'), 0o777)
    expect(() => trust.publishers()).toThrow(
      expect.objectContaining({
        code: 'trust_unusable',
        hint: expect.stringContaining(`chmod go-w ${join(file, '..')}`),
      }),
    )
    // As in /tmp, where nobody can replace what is another one's.
    chmodSync(join(file, '..'), 0o1777)
    expect(trust.publishers()).toHaveLength(1)
  },
)
