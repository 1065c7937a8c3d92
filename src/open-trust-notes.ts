import type { Actor } from './audit.ts'
import type { KyselyBackend } from './backend.ts'
import { systemClock } from './clock.ts'
import { openStorage } from './kysely/storage.ts'
import { silentLogger } from './logger.ts'
import { trustDeed } from './release/trust-deed.ts'
import type { TrustChange } from './trusted.ts'

export interface TrustNotes {
  /** The audience of releases for the runtime, which gets its name if it has none. */
  runtimeId(): Promise<string>
  /** Writes it down. */
  changed(change: TrustChange, by: Actor): Promise<void>
  close(): Promise<void>
}

/**
 * What the storage of a runtime that does not run keeps beside its trust list. Throws `storage_in_use` when a runtime owns
 * it; then ask that one.
 */
export async function openTrustNotes(backend: KyselyBackend): Promise<TrustNotes> {
  const clock = systemClock
  const storage = await openStorage(backend, { clock, logger: silentLogger, hook: null })
  return {
    runtimeId: () => storage.runtimeId(clock.id(), clock.now()),
    changed: (change, by) => storage.writeDown(trustDeed(change, by, clock.now())),
    close: () => storage.close(),
  }
}
