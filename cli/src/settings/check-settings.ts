import { createAsyncv } from 'asyncv'
import { sealedSecrets } from 'asyncv/sqlite'
import { existsSync } from 'node:fs'
import { CommandError } from '../failure.ts'
import { createLogger } from '../process/logger.ts'
import { openSecretDesk } from '../desks/secrets.ts'
import { words } from '../words/spoken.ts'
import { loadSettings, type SettingFlags, type Settings } from './settings.ts'
import type { Environment } from './environment.ts'

/**
 * The settings of a start with `flags` in `env`, which is not made: nothing is written. Finds what would only show then, whether
 * all parts fit together, and whether each secret that they name is in the vault and opens, or is in `env`. Throws what the start
 * would throw.
 */
export async function checkedSettings(flags: SettingFlags, env: Environment): Promise<Settings> {
  const settings = await loadSettings(flags, env, { looked: true })
  const logger = await createLogger('error')
  // Opens nothing.
  createAsyncv({ ...settings.asyncv, logger })
  const { vault, database } = settings
  // Read beside the service that may have the database.
  await vault.open(await sealedSecrets(database), { now: Date.now, logger })
  try {
    await checkNoneShuts(settings)
  } finally {
    await vault.close()
  }
  return settings
}

/** What a release uses is in no file: what opens now, in the service that runs or with the key of this shell, has to open then. */
async function checkNoneShuts({ vault, database }: Settings): Promise<void> {
  const shut = (await vault.list()).filter(({ fingerprint }) => fingerprint === null).map(({ name }) => name)
  if (shut.length === 0 || !existsSync(database)) return
  const desk = await openSecretDesk(database, process.env, { makes: false })
  try {
    const open = (await desk.list()).filter(({ fingerprint }) => fingerprint !== null).map(({ name }) => name)
    const lost = shut.filter((name) => open.includes(name))
    if (lost.length > 0) throw new CommandError(words.secrets.otherKey(lost), words.secrets.otherKeyHint, 2)
  } finally {
    await desk.close()
  }
}
