import { createAsyncv } from 'asyncv'
import { existsSync } from 'node:fs'
import type { Environment } from './environment.ts'
import { createLogger } from '../process/logger.ts'
import { openSecretDesk } from '../desks/secrets.ts'
import type { Settings } from './settings.ts'

/**
 * Finds what would only show at a start, without one: whether all parts fit together, and whether each secret that they name is in the
 * vault or in `env`. Throws what the start would throw.
 */
export async function checkSettings(settings: Settings, env: Environment): Promise<void> {
  // Opens nothing.
  createAsyncv({ ...settings.asyncv, logger: await createLogger('error') })
  settings.vault.checkUses(await inVault(settings.database, env))
}

async function inVault(database: string, env: Environment): Promise<string[]> {
  // A first start has nothing in its vault, and looking is no reason to make a database.
  if (!existsSync(database)) return []
  const desk = await openSecretDesk(database, env, { makes: false })
  try {
    return (await desk.list()).map(({ name }) => name)
  } finally {
    await desk.close()
  }
}
