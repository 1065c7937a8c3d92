/** Files: what is known of them, and their bytes. */
import assert from 'node:assert/strict'
import type { StoredFile } from '../../file.ts'
import type { Scene } from './scene.ts'

const report: StoredFile = {
  id: 'f1',
  name: 'report.pdf',
  mediaType: 'application/pdf',
  size: 3,
  sha256: 'a'.repeat(64),
  space: 'sales',
  createdAt: 1_000,
  expiresAt: 2_000,
}

export const files: Record<string, (scene: Scene) => Promise<void>> = {
  async 'keeps files, and lists those of a space newest first'({ storage }) {
    assert.equal(await storage.file('f1'), null)
    await storage.keepFile(report)
    await storage.keepFile({ ...report, id: 'f2', space: 'default' })
    await storage.keepFile({ ...report, id: 'f3' })
    assert.deepEqual(await storage.file('f1'), report)
    const first = await storage.files({ space: 'sales', limit: 1 })
    assert.deepEqual(
      first.data.map(({ id }) => id),
      ['f3'],
    )
    const second = await storage.files({ space: 'sales', limit: 1, cursor: first.nextCursor ?? '' })
    assert.deepEqual(second, { data: [report], nextCursor: null })
    assert.equal((await storage.files({})).data.length, 3)
  },

  async 'forgets a file whose time has come, unless that was put off'({ storage }) {
    await storage.keepFile(report)
    await storage.keepFile({ ...report, id: 'f2', sha256: 'b'.repeat(64) })
    await storage.keepFilesUntil(['f1', 'f9'], 3_000)
    await storage.keepFilesUntil(['f1'], 2_500)
    assert.deepEqual(await storage.pruneFiles(2_000), { unused: [], more: false })
    assert.deepEqual(await storage.pruneFiles(2_001), { unused: ['b'.repeat(64)], more: false })
    assert.equal((await storage.file('f1'))?.expiresAt, 3_000)
    assert.equal(await storage.file('f2'), null)
  },

  async 'says of bytes that they are unused when the last file of them goes'({ storage }) {
    await storage.keepFile(report)
    await storage.keepFile({ ...report, id: 'f2', expiresAt: 1_500 })
    assert.deepEqual(await storage.usedBlobs([report.sha256, 'c']), [report.sha256])
    assert.deepEqual(await storage.pruneFiles(1_600), { unused: [], more: false })
    assert.deepEqual(await storage.removeFile('f1'), { unused: report.sha256 })
    assert.equal(await storage.removeFile('f1'), null)
    assert.deepEqual(await storage.usedBlobs([report.sha256]), [])
  },

  async 'keeps bytes under their hash, once, and over a death'(scene) {
    const written = await scene.storage.blobs.write(chunks('ab', 'c'), 3)
    const { sha256 } = written
    assert.deepEqual({ ...written, head: Buffer.from(written.head).toString() }, { ...abc, head: 'abc', isNew: true })
    assert.equal((await scene.storage.blobs.write(chunks('abc'), 3)).isNew, false)
    await scene.die()
    const { blobs } = scene.storage
    assert.equal(await textOf(await blobs.read(sha256)), 'abc')
    assert.deepEqual(await blobs.look(), { blobs: [sha256], bytes: 3 })
    assert.equal(await blobs.remove(sha256), 3)
    assert.equal(await blobs.remove(sha256), 0)
    assert.equal(await blobs.read(sha256), null)
  },

  async 'keeps nothing of bytes that are too many, or that end in a failure'({ storage: { blobs } }) {
    await assert.rejects(blobs.write(chunks('abc', 'd'), 3), { code: 'file_too_large' })
    await assert.rejects(blobs.write(cut(), 100), /the wire was cut/)
    assert.deepEqual(await blobs.look(), { blobs: [], bytes: 0 })
    assert.equal((await blobs.write(chunks(), 0)).size, 0)
  },
}

// printf abc | sha256sum
const abc = { sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', size: 3 }

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

async function* cut(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('ab')
  throw new Error('the wire was cut')
}

async function textOf(bytes: AsyncIterable<Uint8Array> | null): Promise<string | null> {
  if (bytes === null) return null
  let text = ''
  for await (const chunk of bytes) text += Buffer.from(chunk).toString()
  return text
}
