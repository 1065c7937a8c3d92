import { createAccounts } from './accounts/accounts.ts'
import { createStudioApp } from './app.ts'
import { openDatabase } from './database/open.ts'
import { type Address, type Listening, listen } from './listen.ts'
import { resolveStudioOptions, type StudioOptions } from './options.ts'

export interface Studio {
  fetch(request: Request): Response | Promise<Response>
  /** Opens the port; loopback, or with https in front. Throws `config_invalid` that says what to change. */
  listen(address: Address): Promise<Listening>
  /** Closes the database; close what listens first. */
  close(): Promise<void>
}

/** Opens Studio's database and connects its parts; listens nowhere yet. Throws `StudioError` and `StorageError`. */
export async function createStudio(given: StudioOptions): Promise<Studio> {
  const options = resolveStudioOptions(given)
  const { db, close } = await openDatabase(options.database)
  const app = createStudioApp({ accounts: createAccounts(db) }, options)
  return {
    fetch: (request) => app.fetch(request),
    listen: (address) => listen(app.fetch, address, options),
    close,
  }
}
