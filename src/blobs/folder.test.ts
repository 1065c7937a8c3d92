import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { folderBlobs } from './folder.ts'

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'asyncv-blobs-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

test('of the same bytes written side by side one is new', async () => {
  const blobs = folderBlobs(join(folder(), 'files'))
  for (let n = 0; n < 10; n++) {
    const written = await Promise.all(Array.from({ length: 8 }, () => blobs.write(once(`same ${n}`), 100)))
    expect(written.filter(({ isNew }) => isNew)).toHaveLength(1)
  }
  expect((await blobs.look()).blobs).toHaveLength(10)
})
