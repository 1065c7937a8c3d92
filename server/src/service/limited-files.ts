import { AsyncvError, defaultSpace, type Files, type Scope, type StoredFile } from 'asyncv'
import type { Principal } from './principal.ts'

export interface CallerFiles extends Files {
  /** Throws `scope_missing` as `put` would, for who has not read yet what is to be put. */
  checkPut(): void
}

export interface FileLimits {
  /** Throws `scope_missing` unless one of the scopes is there. */
  need(...scopes: Scope[]): void
  /** The same bytes; throws `key_invalid` in the middle of them when the key ends. */
  whileGood(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
}

/** Files as one principal may use them: those of its own space. */
export function limitedFiles(files: Files, { space }: Principal, { need, whileGood }: FileLimits): CallerFiles {
  async function seen(id: string): Promise<StoredFile> {
    const file = await files.get(id)
    if ((space ?? file.space) === file.space) return file
    // In the words in which the runtime says it of an id that nobody ever had.
    throw new AsyncvError('file_unknown', `There is no file ${JSON.stringify(id)}.`)
  }
  const checkPut = (): void => need('invoke')
  return {
    checkPut,
    async put(input) {
      checkPut()
      const bytes = input.bytes instanceof Uint8Array ? input.bytes : whileGood(input.bytes)
      return files.put({ ...input, bytes, space: space ?? input.space ?? defaultSpace })
    },
    async get(id) {
      need('invoke', 'read')
      return seen(id)
    },
    async read(id) {
      need('invoke', 'read')
      await seen(id)
      return whileGood(await files.read(id))
    },
    async list(filter) {
      need('read')
      return files.list({ ...filter, ...(space === null ? {} : { space }) })
    },
    async remove(id) {
      need('invoke')
      await seen(id)
      return files.remove(id)
    },
  }
}
