import { type Audit, AuditLog } from './audit-log.ts'
import type { KyselyBackend } from './backend.ts'
import { systemClock } from './clock.ts'
import { openStorage } from './kysely/storage.ts'
import { silentLogger } from './logger.ts'

/**
 * The audit log of a storage whose runtime does not run: nothing is recovered, answered or sent. Throws `storage_in_use`
 * when a runtime owns it; then ask that one.
 */
export async function openAudit(backend: KyselyBackend): Promise<Audit & { close(): Promise<void> }> {
  const storage = await openStorage(backend, { clock: systemClock, logger: silentLogger, hook: null })
  return Object.assign(new AuditLog(() => storage), { close: () => storage.close() })
}
