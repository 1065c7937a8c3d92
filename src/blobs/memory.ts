import { createHash } from 'node:crypto'
import { type BlobStore, headBytes } from '../file-store.ts'
import { tooLarge } from './folder.ts'

/** For storages that keep nothing. */
export function memoryBlobs(): BlobStore {
  const blobs = new Map<string, Buffer>()
  return {
    async write(bytes, maxBytes) {
      const chunks: Uint8Array[] = []
      let size = 0
      for await (const chunk of bytes) {
        size += chunk.byteLength
        if (size > maxBytes) throw tooLarge(maxBytes)
        chunks.push(chunk)
      }
      const whole = Buffer.concat(chunks)
      const sha256 = createHash('sha256').update(whole).digest('hex')
      const isNew = !blobs.has(sha256)
      blobs.set(sha256, whole)
      return { sha256, size, head: whole.subarray(0, headBytes), isNew }
    },
    async read(sha256) {
      const whole = blobs.get(sha256)
      return whole === undefined ? null : once(whole)
    },
    async remove(sha256) {
      const freed = blobs.get(sha256)?.byteLength ?? 0
      blobs.delete(sha256)
      return freed
    },
    async look() {
      const bytes = [...blobs.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
      return { blobs: [...blobs.keys()], bytes }
    },
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
