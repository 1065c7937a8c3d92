import { buffer } from 'node:stream/consumers'
import type { Clock } from '../clock.ts'
import { AsyncvError } from '../errors.ts'
import type { FileInput, Files, StoredFile } from '../file.ts'
import type { BlobStore, FileStore } from '../file-store.ts'
import type { FilePart, FileReference, MessagePart, TextPart } from '../message.ts'
import type { FileOptions } from '../options.ts'
import type { Page, PageRequest } from '../page.ts'
import { defaultSpace } from '../session.ts'
import { kindOf, mediaTypeOf } from './media-type.ts'
import { safeName } from './name.ts'

/** How often it is looked for what is not kept any more. ms. */
const pruneEveryMs = 60_000
/** Blobs asked about at once. */
const batch = 500

/**
 * Keeps what was handed in. A row says what a file is, and its bytes lie in the blob store: they are written first and
 * removed last, so that a death in between leaves bytes that nobody names, which the next start finds, and never a name
 * without its bytes.
 */
export class FileKeeper implements Files {
  readonly #store: FileStore
  readonly #blobs: BlobStore
  readonly #clock: Clock
  readonly #options: Required<FileOptions>
  /** What all blobs take, known when the start has looked. */
  #bytes = 0
  #looked: Promise<void> = Promise.resolve()
  /** Files that are being taken in: until they are, their bytes belong to nobody. */
  #putting = 0
  #removing: Promise<void> = Promise.resolve()
  /** Bytes that may belong to nobody. */
  readonly #unused = new Set<string>()
  #cancelPrune: () => void = () => {}
  #closed = false

  constructor(storage: FileStore & { blobs: BlobStore }, clock: Clock, options: Required<FileOptions>) {
    this.#store = storage
    this.#blobs = storage.blobs
    this.#clock = clock
    this.#options = options
  }

  /** `onFailure` hears of what goes wrong beside any call. */
  open(onFailure: (error: unknown) => void): void {
    this.#looked = this.#look()
    void this.#looked.then(() => this.#prune(onFailure)).catch(onFailure)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelPrune()
    await this.#looked.catch(() => {})
    await this.#removing
  }

  async put({ bytes, name = 'file', mediaType, space = defaultSpace }: FileInput): Promise<StoredFile> {
    const { maxBytes, maxTotalBytes, keepMs } = this.#options
    await this.#looked
    this.#putting++
    try {
      // Bytes that are about to go must not be taken for bytes that are there.
      await this.#removing
      if (this.#bytes >= maxTotalBytes) throw full(maxTotalBytes)
      const { sha256, size, head, isNew } = await this.#blobs.write(asIterable(bytes), maxBytes)
      this.#unused.add(sha256) // until there is a row
      if (isNew) this.#bytes += size
      if (this.#bytes > maxTotalBytes) throw full(maxTotalBytes)
      const createdAt = this.#clock.now()
      const file: StoredFile = {
        id: this.#clock.id(),
        name: safeName(name),
        mediaType: await mediaTypeOf(head, mediaType),
        size,
        sha256,
        space,
        createdAt,
        expiresAt: createdAt + keepMs,
      }
      await this.#store.keepFile(file)
      return file
    } finally {
      this.#putting--
      this.#removeUnused()
    }
  }

  async get(id: string): Promise<StoredFile> {
    const file = await this.#store.file(id)
    if (file !== null) return file
    throw unknownFile(id)
  }

  async read(id: string): Promise<AsyncIterable<Uint8Array>> {
    const { sha256 } = await this.get(id)
    const bytes = await this.#blobs.read(sha256)
    if (bytes !== null) return bytes
    throw unknownFile(id)
  }

  list(filter: { space?: string } & PageRequest = {}): Promise<Page<StoredFile>> {
    return this.#store.files(filter)
  }

  async remove(id: string): Promise<void> {
    const removed = await this.#store.removeFile(id)
    if (removed === null) throw unknownFile(id)
    if (removed.unused !== null) this.#unused.add(removed.unused)
    this.#removeUnused()
    await this.#removing
  }

  /** What a message names, as it is kept with the message; naming it puts off when it is forgotten. Throws `file_unknown`, and `input_invalid` for more bytes than a model call carries. */
  async partsOf(parts: readonly (TextPart | FileReference)[], space: string): Promise<MessagePart[]> {
    const said = await Promise.all(parts.map((part) => (part.type === 'text' ? part : this.#partOf(part.file, space))))
    const named = said.flatMap((part) => (part.type === 'text' ? [] : [part]))
    const { maxCallBytes, keepMs } = this.#options
    const bytes = named.reduce((sum, { size }) => sum + size, 0)
    if (bytes > maxCallBytes) throw tooMuch(bytes, maxCallBytes)
    const ids = named.map(({ file }) => file)
    if (ids.length > 0) await this.#store.keepFilesUntil(ids, this.#clock.now() + keepMs)
    return said
  }

  /** The bytes that a message named; null when they are kept no more. */
  async bytesOf({ blob }: FilePart): Promise<Uint8Array | null> {
    const bytes = await this.#blobs.read(blob)
    return bytes === null ? null : buffer(bytes)
  }

  async #partOf(id: string, space: string): Promise<FilePart> {
    const { mediaType, name, size, sha256, space: its } = await this.get(id)
    // One of another space is as unknown as one that nobody ever had.
    if (its !== space) throw unknownFile(id)
    return { type: kindOf(mediaType), file: id, blob: sha256, mediaType, name, size }
  }

  /** What a death left behind has no row. */
  async #look(): Promise<void> {
    const { blobs, bytes } = await this.#blobs.look()
    this.#bytes = bytes
    for (const blob of blobs) this.#unused.add(blob)
    this.#removeUnused()
  }

  async #prune(onFailure: (error: unknown) => void): Promise<void> {
    if (this.#closed) return
    const more = await this.#forget().catch(onFailure)
    if (this.#closed) return
    this.#cancelPrune = this.#clock.after(more === true ? 0 : pruneEveryMs, () => void this.#prune(onFailure))
  }

  async #forget(): Promise<boolean> {
    const { unused, more } = await this.#store.pruneFiles(this.#clock.now())
    for (const blob of unused) this.#unused.add(blob)
    this.#removeUnused()
    return more
  }

  #removeUnused(): void {
    this.#removing = this.#removing.then(async () => {
      while (this.#putting === 0 && this.#unused.size > 0) {
        const blobs = [...this.#unused].slice(0, batch)
        const used = new Set(await this.#store.usedBlobs(blobs))
        for (const blob of blobs) {
          if (this.#putting > 0) return
          this.#unused.delete(blob)
          if (used.has(blob)) continue
          this.#bytes -= await this.#blobs.remove(blob)
        }
      }
    })
    // What could not be removed now is found at the next start.
    this.#removing = this.#removing.catch(() => {})
  }
}

function asIterable(bytes: FileInput['bytes']): AsyncIterable<Uint8Array> {
  return bytes instanceof Uint8Array
    ? (async function* () {
        yield bytes
      })()
    : bytes
}

function unknownFile(id: string): AsyncvError {
  return new AsyncvError('file_unknown', `There is no file ${JSON.stringify(id)}.`)
}

function tooMuch(bytes: number, maxCallBytes: number): AsyncvError {
  return new AsyncvError('input_invalid', `The files of the message are ${bytes} bytes together.`, {
    hint: `Name at most ${maxCallBytes} bytes of files in one message, or raise files.maxCallBytes.`,
  })
}

function full(maxTotalBytes: number): AsyncvError {
  return new AsyncvError('files_full', `The files take ${maxTotalBytes} bytes already; nothing was kept.`, {
    hint: 'Remove some, keep them for less time with files.keepMs, or raise files.maxTotalBytes.',
    retryable: true,
  })
}
