import type { ReleaseEnvelope } from 'asyncv/schemas'
import type { Database } from '../database/open.ts'
import { pushBackoff } from './push-backoff.ts'
import type { PushJob } from './prepare.ts'

/** At most this many are read at once, each with its document. */
const atOnce = 32
const longestMs = pushBackoff.capMs

/**
 * The targets that are to be pushed now, and when the next will be. What waits longer than anything is made to wait was written before
 * the clock was set back, and is due.
 */
export async function dueTargets(db: Database, now: number): Promise<{ due: PushJob[]; nextAt: number | null }> {
  const rows = await db
    .selectFrom('release_target')
    .innerJoin('release', 'release.n', 'release_target.release')
    .select(['release', 'runtime_id', 'hash', 'document', 'envelope', 'forced', 'attempts'])
    .where('state', '=', 'pending')
    .where((is) => is.or([is('next_at', '<=', now), is('next_at', '>', now + longestMs)]))
    .orderBy('next_at')
    .limit(atOnce)
    .execute()
  const next = await db
    .selectFrom('release_target')
    .select('next_at')
    .where('state', '=', 'pending')
    .where('next_at', '>', now)
    .orderBy('next_at')
    .limit(1)
    .executeTakeFirst()
  const due = rows.map(({ release, runtime_id: runtime, hash, document, envelope, forced, attempts }) => ({
    release,
    runtime,
    hash,
    document: JSON.parse(document) as unknown,
    envelope: envelope === null ? null : (JSON.parse(envelope) as ReleaseEnvelope),
    forced: forced === 1,
    attempts,
  }))
  return { due, nextAt: next?.next_at ?? null }
}
