import type { StoredFile } from './file.ts'
import type { Page, PageRequest, Within } from './page.ts'

/** The part of the storage that knows files; their bytes are in a `BlobStore`. Every verb is one transaction. */
export interface FileStore {
  keepFile(file: StoredFile): Promise<void>
  file(id: string): Promise<StoredFile | null>
  /** Newest first. */
  files(filter: Pick<Within, 'space'> & PageRequest): Promise<Page<StoredFile>>
  /** Puts off when these are forgotten; what is kept longer already stays so. */
  keepFilesUntil(ids: readonly string[], until: number): Promise<void>
  /** Gives the bytes that no file has any more; null when there is no such file. */
  removeFile(id: string): Promise<{ unused: string | null } | null>
  /** Forgets some of those whose time has come. */
  pruneFiles(before: number): Promise<{ unused: string[]; more: boolean }>
  /** Which of these bytes belong to a file. */
  usedBlobs(blobs: readonly string[]): Promise<string[]>
}

/** Where bytes are kept, under their SHA-256. */
export interface BlobStore {
  /**
   * Takes bytes in, at most `maxBytes` of them; on disk when it resolves. Keeps nothing when `bytes` throws, or when there
   * are more (`file_too_large`). Bytes that are there already are not written again.
   */
  write(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<WrittenBlob>
  /** Null when there are none of that name. The caller reads to the end or destroys what it got. */
  read(sha256: string): Promise<AsyncIterable<Uint8Array> | null>
  /** Gives how much that freed: 0 when there are none. */
  remove(sha256: string): Promise<number>
  /** Everything there is, and what it takes in all. Leftovers of writes that a death cut short are removed. Called at the start. */
  look(): Promise<{ blobs: string[]; bytes: number }>
}

export interface WrittenBlob {
  sha256: string
  size: number
  /** The first bytes, at most `headBytes`. */
  head: Uint8Array
  /** Whether they were not there before. */
  isNew: boolean
}

/** Enough to tell what a file is. */
export const headBytes = 4_100
