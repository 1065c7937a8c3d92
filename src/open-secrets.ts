import type { KyselyBackend } from './backend.ts'
import { systemClock } from './clock.ts'
import { openStorage } from './kysely/storage.ts'
import { silentLogger } from './logger.ts'
import type { Secrets } from './vault/secrets.ts'
import { createVault, type VaultOptions } from './vault/vault.ts'

/**
 * The secrets of a storage whose runtime does not run: nothing is recovered, answered or sent. Throws `storage_in_use`
 * when a runtime owns it; then ask that one.
 */
export async function openSecrets(
  backend: KyselyBackend,
  options: Pick<VaultOptions, 'key'>,
): Promise<Secrets & { close(): Promise<void> }> {
  const vault = createVault(options)
  const storage = await openStorage(backend, { clock: systemClock, logger: silentLogger, hook: null })
  await vault.open(storage, { now: () => systemClock.now(), logger: silentLogger })
  return {
    list: () => vault.list(),
    get: (name) => vault.get(name),
    put: (secret, by) => vault.put(secret, by),
    remove: (name, by) => vault.remove(name, by),
    async close() {
      await vault.close()
      await storage.close()
    },
  }
}
