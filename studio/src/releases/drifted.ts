/** Whether a runtime has what this Studio last saw applied there. */
import type { Trx } from '../database/open.ts'
import type { RuntimeState } from './runtime-releases.ts'
import { lastApplied, type TargetProblem } from './targets.ts'

/**
 * Null when it has, or when this Studio never saw anything applied there. First it is noted that a release of this Studio
 * arrived after all, which its answer could not say any more.
 */
export async function driftOf(
  trx: Trx,
  runtime: string,
  { current, runtime: audience }: RuntimeState,
): Promise<TargetProblem | null> {
  await noteArrival(trx, runtime, current)
  const last = await lastApplied(trx, runtime)
  if (last === undefined || last.hash === (current?.hash ?? null)) return null
  const now = current === null ? 'nothing' : `revision ${current.revision}, which "${current.publisher}" published,`
  const isAnother = last.audience !== null && last.audience !== audience
  const detail = isAnother
    ? `Another runtime answers there than the one that had release ${last.release} of this Studio; it has ${now.replace(/,$/, '')}.`
    : `The runtime has ${now} instead of release ${last.release} of this Studio.`
  return {
    code: 'release_drifted',
    detail,
    hint: 'Publish again over it, or take over what it has.',
    wayOut: 'force',
    inForce: inForceOf(current),
  }
}

export function inForceOf(current: RuntimeState['current']): NonNullable<TargetProblem['inForce']> | null {
  if (current === null) return null
  const { revision, hash, publisher, appliedAt } = current
  return { revision, hash, publisher, appliedAt }
}

/** Envelopes that may be under way when a runtime is looked at; an earlier one was looked for when it was replaced. */
const mostRecent = 20

async function noteArrival(trx: Trx, runtime: string, current: RuntimeState['current']): Promise<void> {
  const signature = current?.envelope?.signature
  if (signature === undefined) return
  const rows = await trx
    .selectFrom('release_target')
    .select(['release', 'envelope', 'revision'])
    .where('runtime_id', '=', runtime)
    .where('envelope', 'is not', null)
    .orderBy('release', 'desc')
    .limit(mostRecent)
    .execute()
  const found = rows.find(({ envelope }) => signatureOf(envelope) === signature)
  if (found === undefined || current === null || found.revision === current.revision) return
  await trx
    .updateTable('release_target')
    .set({ revision: current.revision })
    .where('release', '=', found.release)
    .where('runtime_id', '=', runtime)
    .execute()
}

function signatureOf(envelope: string | null): string | null {
  return envelope === null ? null : (JSON.parse(envelope) as { signature: string }).signature
}
