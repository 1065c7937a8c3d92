import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AsyncvError } from '../errors.ts'
import { type BlobStore, headBytes, type WrittenBlob } from '../file-store.ts'

const named = /^[0-9a-f]{64}$/
const partial = /\.part$/

/**
 * Blobs as files of a folder, which is made with the first one: `<folder>/ab/abcd…`. A blob is written under another name,
 * synced, renamed, and the folder synced, so that a name never stands for half of its bytes, whatever dies when.
 */
export function folderBlobs(folder: string): BlobStore {
  const pathOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256)

  async function take(part: string, bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<WrittenBlob> {
    const file = await open(part, 'wx', 0o600)
    try {
      const taken = await copy(bytes, file, maxBytes)
      await file.sync()
      return taken
    } finally {
      await file.close()
    }
  }

  /** By hash, the last that gives its bytes their name. */
  const naming = new Map<string, Promise<WrittenBlob>>()

  /** Those with the same bytes one after another: they are new once, and whoever finds them finds them on disk. */
  async function name(part: string, taken: WrittenBlob): Promise<WrittenBlob> {
    const { sha256 } = taken
    const before = naming.get(sha256)?.catch(() => {})
    const named = before === undefined ? give(part, taken) : before.then(() => give(part, taken))
    naming.set(sha256, named)
    try {
      return await named
    } finally {
      if (naming.get(sha256) === named) naming.delete(sha256)
    }
  }

  async function give(part: string, taken: WrittenBlob): Promise<WrittenBlob> {
    const path = pathOf(taken.sha256)
    const isNew = !(await exists(path))
    try {
      if (isNew) {
        await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
        await rename(part, path)
      }
      // Also for a name that is there: a process that died before this may have given it.
      for (const changed of [join(path, '..'), folder]) await syncFolder(changed)
      return { ...taken, isNew }
    } catch (error) {
      // Nobody has counted it, so the next one is new.
      if (isNew) await rm(path, { force: true })
      throw error
    }
  }

  return {
    async write(bytes, maxBytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const part = join(folder, `${randomUUID()}.part`)
      try {
        return await name(part, await take(part, bytes, maxBytes))
      } catch (error) {
        throw asAsyncvError(error)
      } finally {
        await rm(part, { force: true })
      }
    },
    async read(sha256) {
      const path = pathOf(sha256)
      return (await exists(path)) ? createReadStream(path) : null
    },
    async remove(sha256) {
      const { size } = await stat(pathOf(sha256)).catch(() => ({ size: 0 }))
      await rm(pathOf(sha256), { force: true })
      return size
    },
    async look() {
      const blobs: string[] = []
      let bytes = 0
      for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
        if (partial.test(entry.name)) await rm(join(folder, entry.name), { force: true })
        if (!entry.isDirectory()) continue
        for (const name of (await readdir(join(folder, entry.name))).filter((one) => named.test(one))) {
          blobs.push(name)
          bytes += (await stat(pathOf(name))).size
        }
      }
      return { blobs, bytes }
    },
  }
}

async function copy(bytes: AsyncIterable<Uint8Array>, to: FileHandle, maxBytes: number): Promise<WrittenBlob> {
  const hash = createHash('sha256')
  let head = Buffer.alloc(0)
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.byteLength
    if (size > maxBytes) throw tooLarge(maxBytes)
    if (head.byteLength < headBytes) head = Buffer.concat([head, chunk]).subarray(0, headBytes)
    hash.update(chunk)
    await to.write(chunk)
  }
  return { sha256: hash.digest('hex'), size, head, isNew: true }
}

export function tooLarge(maxBytes: number): AsyncvError {
  return new AsyncvError('file_too_large', `The file is larger than ${maxBytes} bytes.`, {
    hint: 'Send a smaller one, or raise files.maxBytes.',
  })
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** A name is on disk when its folder is. Not every system can sync one (Windows cannot). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

function asAsyncvError(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  return new AsyncvError('storage_failed', `The file was not kept: ${message}`, {
    hint: 'Make room on the disk.',
    retryable: true,
    cause: error,
  })
}
