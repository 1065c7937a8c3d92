import {
  chmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ensureKey } from './key-file.ts'

vi.mock('node:fs', { spy: true })

test.skipIf(process.platform === 'win32')('a new key and its name are on disk before it is used', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const forced: number[] = []
  vi.mocked(fsyncSync).mockImplementation((opened) => {
    forced.push(fstatSync(opened).ino)
  })
  const file = join(folder, 'vault.key')
  const key = await ensureKey({ file, make: () => 'new', checked: (there) => there, wayOut: '' })
  expect(key).toBe('new')
  expect(forced).toEqual([statSync(file).ino, statSync(folder).ino])
})

test('where there are no hard links, the key is written all the same, and never over another one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  vi.mocked(linkSync).mockImplementation(() => {
    throw Object.assign(new Error('no links'), { code: 'EPERM' })
  })
  onTestFinished(() => void vi.mocked(linkSync).mockRestore())
  const file = join(folder, 'vault.key')
  const kind = { file, checked: (there: string) => there, wayOut: '' }
  expect(await ensureKey({ ...kind, make: () => 'first' })).toBe('first')
  expect(await ensureKey({ ...kind, make: () => 'second' })).toBe('first')
  expect(readFileSync(file, 'utf8')).toBe('first\n')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['vault.key'])
})

test('a key that its owner alone may read is read where nothing can be written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const kind = { file: join(folder, 'vault.key'), checked: (there: string) => there, wayOut: '' }
  await ensureKey({ ...kind, make: () => 'first' })
  vi.mocked(chmodSync).mockImplementation(() => {
    throw Object.assign(new Error('read-only file system'), { code: 'EROFS' })
  })
  onTestFinished(() => void vi.mocked(chmodSync).mockRestore())
  expect(await ensureKey({ ...kind, make: () => 'second' })).toBe('first')
})
