import type { Page, PageRequest } from './page.ts'

/** A file that was handed in: what it is, whose it is, and how long it is kept. */
export interface StoredFile {
  id: string
  /** What people call it; nothing that a file system minds. */
  name: string
  /** Found by looking at its first bytes; what was claimed counts for text only. */
  mediaType: string
  /** Bytes. */
  size: number
  /** SHA-256 of its bytes, hexadecimal. Files of the same bytes are stored once. */
  sha256: string
  space: string
  /** ms since the epoch. */
  createdAt: number
  /** Kept until then at least; a message that names it puts that off. ms since the epoch. */
  expiresAt: number
}

export interface FileInput {
  bytes: Uint8Array | AsyncIterable<Uint8Array>
  /** What people call it. Default `file`. */
  name?: string
  /** What it is said to be; believed of text only. */
  mediaType?: string
  /** Default `default`. */
  space?: string
}

/** Files that were handed in, for messages to name. */
export interface Files {
  /**
   * Keeps a file; on disk when it resolves. Throws `file_too_large` and `files_full`, and keeps nothing of what it cannot
   * keep whole.
   */
  put(input: FileInput): Promise<StoredFile>
  /** Throws `file_unknown`. */
  get(id: string): Promise<StoredFile>
  /** Its bytes. Throws `file_unknown`. */
  read(id: string): Promise<AsyncIterable<Uint8Array>>
  /** Newest first. */
  list(filter?: { space?: string } & PageRequest): Promise<Page<StoredFile>>
  /** Messages that name it keep its name alone. Throws `file_unknown`. */
  remove(id: string): Promise<void>
}
