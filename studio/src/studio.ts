import { createStudioApp } from './app.ts'
import { openDatabase } from './database/open.ts'
import { readKey, readKeyFile } from './keys/key-file.ts'
import { type Address, type Listening, listen } from './listen.ts'
import { resolveStudioOptions, type StudioOptions } from './options.ts'
import { createParts } from './parts.ts'
import { isSealed } from './runtimes/identity.ts'

export interface Studio {
  fetch(request: Request): Response | Promise<Response>
  /** Opens the port; loopback, or with https in front. Throws `config_invalid` that says what to change. */
  listen(address: Address): Promise<Listening>
  /** The path, with a token, that makes the first account; null when there is one. Each start has a new one. */
  firstRunPath(): Promise<string | null>
  /** Where other hosts have its pages, without a "/" at the end. Links lead to the first, if there is one. */
  pagesUrls: readonly string[]
  /** Closes the database; close what listens first. */
  close(): Promise<void>
}

/** Opens Studio's database and connects its parts; listens nowhere yet. Throws `StudioError` and `StorageError`. */
export async function createStudio(given: StudioOptions): Promise<Studio> {
  const options = resolveStudioOptions(given)
  const { db, announce, close } = await openDatabase(options.database)
  try {
    const { key, keyFile } = options
    const sealed = { isSealed: await isSealed(db) }
    const known = key === null ? readKeyFile(keyFile, sealed) : readKey(key, 'the options')
    const parts = await createParts(db, known, options)
    const app = createStudioApp(parts, options)
    return {
      fetch: (request) => app.fetch(request),
      async listen(address) {
        const listening = await listen(app.fetch, address, options)
        announce(listening.url)
        return listening
      },
      // After the "#", which browsers send to nobody: no log has it.
      firstRunPath: async () => ((await parts.firstRun.isOpen()) ? `/first-run#${parts.firstRun.token}` : null),
      pagesUrls: options.appOrigins.map(({ url }) => url),
      async close() {
        await parts.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
