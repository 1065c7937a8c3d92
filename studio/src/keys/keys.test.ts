import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createStudio } from '../studio.ts'
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

test('what was left of a key that was not written to its end is in nobody’s way', () => {
  const path = join(folder, 'cut.key')
  writeFileSync(`${path}.new`, 'half', { mode: 0o600 })
  expect(readKeyFile(path)).toEqual(readKeyFile(path))
  expect(existsSync(`${path}.new`)).toBe(false)
})

test('a database whose key is gone or another one is refused, with no new key in its place', async () => {
  const [database, key] = [join(folder, 'lost/studio.db'), join(folder, 'lost/studio.key')]
  const start = () => createStudio({ database })
  await (await start()).close()
  renameSync(key, `${key}.kept`)
  await expect(start()).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('is gone') })
  expect(existsSync(key)).toBe(false)
  await expect(createStudio({ database, key: '11'.repeat(32) })).rejects.toMatchObject({
    message: expect.stringContaining('does not open what is in its database'),
  })
  renameSync(`${key}.kept`, key)
  await (await start()).close()
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
