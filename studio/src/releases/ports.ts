/** What releases stand on. */
import type { Database, Trx } from '../database/open.ts'
import type { Events } from '../events.ts'
import type { RuntimePort } from '../items/runtime-port.ts'
import type { Logger } from '../logger.ts'

/** What this Studio signs with. */
export interface Signer {
  /** As the trust lists of runtimes name it. */
  publisher: string
  /** Ed25519 over these bytes, in base64. */
  sign(bytes: Buffer): string
}

export type AnnouncedEvent = 'release.published' | 'release.applied' | 'release.refused' | 'release.drifted'

export interface ReleasePorts {
  db: Database
  runtimes: Pick<RuntimePort, 'ask'>
  signer: Signer
  /** Writes what webhooks will send. */
  announce(trx: Trx, event: AnnouncedEvent, data: Readonly<Record<string, unknown>>): Promise<void>
  events: Pick<Events, 'emit'>
  /** Called after each commit that may have made something due. */
  wake(): void
  now: () => number
  logger: Logger
  /** For tests that kill a process: called at `push.signed` and `push.answered`. */
  hook?: (point: 'push.signed' | 'push.answered') => void | Promise<void>
}
