import type { KyselyBackend } from './backend.ts'
import { systemClock } from './clock.ts'
import { type Keys, KeyRing } from './keys.ts'
import { openStorage } from './kysely/storage.ts'
import { silentLogger } from './logger.ts'

/**
 * The keys of a storage whose runtime does not run: nothing is recovered, answered or sent. Throws `storage_in_use` when
 * a runtime owns it; then ask that one.
 */
export async function openKeys(backend: KyselyBackend): Promise<Keys & { close(): Promise<void> }> {
  const storage = await openStorage(backend, { clock: systemClock, logger: silentLogger, hook: null })
  const ring = new KeyRing(() => storage, systemClock)
  const closeRing = ring.close.bind(ring)
  return Object.assign(ring, {
    async close() {
      await closeRing()
      await storage.close()
    },
  })
}
