import { fstatSync, fsyncSync, mkdtempSync, rmSync, statSync } from 'node:fs'
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
