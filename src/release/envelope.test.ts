import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOf } from '../internal/document-hash.ts'
import { isSignedBy, keyFingerprint, publicKeyFrom, signEnvelope } from './envelope.ts'

/** The secret key of RFC 8032, section 7.1, test 1, behind the head that PKCS #8 puts before it. */
const privateKey = `-----BEGIN PRIVATE KEY-----
${Buffer.from('302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex').toString('base64')}
-----END PRIVATE KEY-----`
const publicKey = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex').toString(
  'base64',
)

const unsigned = {
  hash: hashOf({}),
  parentHash: null,
  audience: 'runtime-1',
  publisher: 'command',
  sequence: 1,
  createdAt: 1_700_000_000_000,
}

test('the public half is the one of the RFC', () => {
  expect(publicKeyFrom(privateKey)).toBe(publicKey)
})

test('a fingerprint is short, and another one for another key', () => {
  expect(keyFingerprint(publicKey)).toMatch(/^([0-9a-f]{4}-){7}[0-9a-f]{4}$/)
  expect(keyFingerprint(Buffer.alloc(32).toString('base64'))).not.toBe(keyFingerprint(publicKey))
})

test('the hash of an empty document is that of "{}"', () => {
  expect(hashOf({})).toBe('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
})

test('what was signed is known as such, and as nobody else’s', () => {
  const envelope = signEnvelope(unsigned, privateKey)
  expect(isSignedBy(envelope, publicKey)).toBe(true)
  const other = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(isSignedBy(envelope, publicKeyFrom(other))).toBe(false)
})

test('a change to any field is seen', () => {
  const envelope = signEnvelope(unsigned, privateKey)
  const change = fc.record(
    {
      hash: fc.string(),
      parentHash: fc.option(fc.string()),
      audience: fc.string(),
      publisher: fc.string(),
      sequence: fc.integer(),
      createdAt: fc.integer(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(change, (changed) => {
      const same = Object.entries(changed).every(([key, value]) => unsigned[key as keyof typeof unsigned] === value)
      expect(isSignedBy({ ...envelope, ...changed }, publicKey)).toBe(same)
    }),
  )
})

test('another kind of key is refused, without a word of it', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  for (const key of [rsa.toString(), 'sesame']) {
    expect(() => signEnvelope(unsigned, key)).toThrow('The key of the publisher is no Ed25519 key in PEM (PKCS #8).')
  }
})
