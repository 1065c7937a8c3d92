import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, test } from 'vitest'
import type { KyselyBackend } from '../backend.ts'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../logger.ts'
import { sqlite } from '../sqlite/index.ts'
import type { Storage } from '../storage.ts'
import { type OpenedStorage, storageContract } from '../testing/storage-contract.ts'
import { openStorage } from './storage.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('on a SQLite file, a storage', () => {
  for (const { name, run } of storageContract(inFile)) test(name, run)
})

describe('in memory, a storage', () => {
  for (const { name, run } of storageContract(inMemory)) test(name, run)
})

function open(backend: KyselyBackend): Promise<Storage> {
  return openStorage(backend, { clock: systemClock, logger: silentLogger, hook: null, keepEvents: true })
}

async function inFile(): Promise<OpenedStorage> {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-storage-'))
  folders.push(folder)
  const file = join(folder, 'asyncv.db')
  let storage = await open(sqlite(file))
  return {
    storage,
    async afterDeath() {
      // Closing finishes nothing: what was running stays so in the file. That a kill leaves the same is the crash suite's to show.
      await storage.close()
      storage = await open(sqlite(file))
      return storage
    },
  }
}

/** Nothing outlives the process here, so the storage itself goes on; the cases about recovery hold all the same. */
async function inMemory(): Promise<OpenedStorage> {
  const storage = await open(sqlite(':memory:'))
  return { storage, afterDeath: async () => storage }
}
