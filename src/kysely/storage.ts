import type { Storage } from '../storage.ts'
import { acceptQueries } from './accept.ts'
import { arrivalQueries } from './arrivals.ts'
import type { BackendOptions, KyselyBackend, OpenBackend } from '../backend.ts'
import { auditQueries } from './audit.ts'
import { cancelQueries } from './cancel.ts'
import { claimQueries } from './claim.ts'
import { commandQueries } from './command.ts'
import { keepState } from './connector-state.ts'
import { countQueries } from './counts.ts'
import { Database, decide } from './database.ts'
import { eventQueries } from './events.ts'
import { fileQueries } from './files.ts'
import { finishQueries } from './finish.ts'
import { forgetQueries } from './forget.ts'
import { historyQueries } from './history.ts'
import { journalQueries } from './journal.ts'
import { keyQueries } from './keys.ts'
import { outboxQueries } from './outbox.ts'
import type { Turn } from './pieces.ts'
import { readQueries } from './reads.ts'
import { recoverQueries } from './recover.ts'
import { releaseQueries } from './releases.ts'
import { retryQueries } from './retry.ts'
import { secretQueries } from './secrets.ts'
import { traceQueries } from './trace.ts'

/** Opens a database and gives the storage verbs on it. */
export async function openStorage(backend: KyselyBackend, options: BackendOptions): Promise<Storage> {
  const opened = await backend.open(options)
  const db = new Database(opened)
  const turn = (): Promise<void> => new Promise((resolve) => options.clock.soon(resolve))
  return { ...verbs(db, turn), ...lifecycle(db, opened) }
}

function verbs(
  db: Database,
  turn: Turn,
): Omit<Storage, 'driver' | 'blobs' | 'announce' | 'commits' | 'refusal' | 'tryDisk' | 'close'> {
  const arrivals = arrivalQueries(db)
  const claims = claimQueries(db)
  const writeState = keepState(db)
  const reads = readQueries(db, turn)
  return {
    ...acceptQueries(db, arrivals),
    ...commandQueries(db, arrivals),
    keepState: (state, at) => decide(db, (trx) => writeState(trx, state, at)),
    claim: claims.claim,
    ...journalQueries(db),
    ...finishQueries(db, claims),
    ...cancelQueries(db),
    ...retryQueries(db, arrivals),
    ...outboxQueries(db),
    ...recoverQueries(db),
    ...historyQueries(db),
    ...reads,
    ...traceQueries(db, reads, turn),
    ...countQueries(db),
    ...forgetQueries(db),
    ...keyQueries(db),
    ...auditQueries(db),
    ...eventQueries(db),
    ...fileQueries(db),
    ...secretQueries(db),
    ...releaseQueries(db),
  }
}

function lifecycle(
  db: Database,
  opened: OpenBackend,
): Pick<Storage, 'driver' | 'blobs' | 'announce' | 'commits' | 'refusal' | 'tryDisk' | 'close'> {
  return {
    driver: opened.driver ?? null,
    blobs: opened.blobs,
    announce: opened.announce,
    commits: opened.commits,
    refusal: () => opened.refusal?.() ?? null,
    tryDisk: () =>
      decide(db, async (trx) => {
        await trx.query
          .updateTable('audit_head')
          .set(({ ref }) => ({ n: ref('n') }))
          .where('id', '=', 1)
          .execute()
      }),
    async close() {
      // Takes its turn behind every verb under way; when it has had it, they have too. What failed, they were told.
      await decide(db, async () => {}).catch(() => {})
      await db.destroy()
      await opened.close()
    },
  }
}
