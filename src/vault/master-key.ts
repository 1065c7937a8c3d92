import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { AsyncvError } from '../errors.ts'

/** What is derived of the one key: each part for one use. */
export interface MasterKey {
  /** Names the key and tells nothing of it. */
  id: string
  cipher: Buffer
  fingerprint: Buffer
}

const bytes = 32

/** 32 bytes, as base64 or base64url (43 or 44 characters), hexadecimal (64), or themselves. Throws `config_invalid`, without the value. */
export function readMasterKey(given: string | Uint8Array): MasterKey {
  const key = typeof given === 'string' ? decode(given.trim()) : Buffer.from(given)
  if (key?.length !== bytes) {
    throw new AsyncvError('config_invalid', 'The master key of the vault is not 32 bytes in base64 or hexadecimal.', {
      hint: 'Make one with: openssl rand -base64 32',
    })
  }
  return {
    id: createHash('sha256').update(derive(key, 'id')).digest('hex').slice(0, 16),
    cipher: derive(key, 'cipher'),
    fingerprint: derive(key, 'fingerprint'),
  }
}

/** A new key, base64. */
export function newMasterKey(): string {
  return randomBytes(bytes).toString('base64')
}

function decode(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[\w+/-]{43}=?$/.test(text)) return Buffer.from(text, 'base64')
  return null
}

function derive(key: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `asyncv/vault/${use}`, bytes))
}
