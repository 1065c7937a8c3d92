import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readKey, readKeyFile } from './key-file.ts'
import { createSealer } from './seal.ts'

const folder = mkdtempSync(join(tmpdir(), 'asyncv-studio-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('makes a key that its owner alone can read, and finds it again', () => {
  const path = join(folder, 'made/studio.key')
  const made = readKeyFile(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readKeyFile(path)).toEqual(made)
})

test.skipIf(process.platform === 'win32')('a key that others can read is refused', () => {
  const path = join(folder, 'open.key')
  readKeyFile(path)
  chmodSync(path, 0o644)
  expect(() => readKeyFile(path)).toThrow(/Others on this machine can read/)
})

test('a file that holds no key is refused without being quoted', () => {
  const path = join(folder, 'broken.key')
  writeFileSync(path, 'not-a-key', { mode: 0o600 })
  expect(() => readKeyFile(path)).toThrow(/^The key in .* is not 32 bytes/)
  expect(() => readKeyFile(path)).not.toThrow(/not-a-key/)
})

test('what was sealed opens in its own place, with its own key, as it was', () => {
  const sealer = createSealer(readKey('11'.repeat(32), 'a').cipher)
  const sealed = sealer.seal('runtime/1', 'avk_secret')
  expect(sealed).not.toContain('avk_secret')
  expect(sealer.open('runtime/1', sealed)).toBe('avk_secret')
  expect(sealer.open('runtime/2', sealed)).toBeNull()
  expect(createSealer(readKey('22'.repeat(32), 'b').cipher).open('runtime/1', sealed)).toBeNull()
  const changed = Buffer.from(sealed, 'base64')
  changed[20] = changed[20]! ^ 1
  expect(sealer.open('runtime/1', changed.toString('base64'))).toBeNull()
  expect(sealer.open('runtime/1', '')).toBeNull()
})
