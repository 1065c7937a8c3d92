/** What may be sent to a runtime: decided and written down in one transaction, before anything is sent. */
import type { ReleaseEnvelope } from 'asyncv/schemas'
import type { Trx } from '../database/open.ts'
import { driftOf, inForceOf } from './drifted.ts'
import { signEnvelope } from './envelope.ts'
import type { ReleasePorts, Signer } from './ports.ts'
import type { RuntimeState } from './runtime-releases.ts'
import type { TargetProblem } from './targets.ts'

export interface PushJob {
  release: number
  runtime: string
  hash: string
  document: unknown
  envelope: ReleaseEnvelope | null
  /** Somebody asked for it to be published over what the runtime has. */
  forced: boolean
  attempts: number
}

export type Prepared =
  | { type: 'send'; envelope: ReleaseEnvelope; force: boolean }
  | { type: 'rewound' | 'drifted'; problem: TargetProblem }
  /** A newer release took its place meanwhile. */
  | { type: 'superseded' }

/**
 * Signs for what is in force there now, with a number that was given to no other release for this runtime, and keeps the
 * envelope: the same one is sent again while it still fits.
 */
export async function prepare(
  job: PushJob,
  state: RuntimeState,
  signer: Signer,
  { db, now }: Pick<ReleasePorts, 'db' | 'now'>,
): Promise<Prepared> {
  return db.transaction().execute(async (trx): Promise<Prepared> => {
    const pending = await trx
      .selectFrom('release_target')
      .select('envelope')
      .where('release', '=', job.release)
      .where('runtime_id', '=', job.runtime)
      .where('state', '=', 'pending')
      .executeTakeFirst()
    if (pending === undefined) return { type: 'superseded' }
    const parentHash = state.current?.hash ?? null
    const there = state.sequences.find(({ publisher }) => publisher === signer.publisher)?.last ?? 0
    const { envelope: kept } = job
    const fits = kept !== null && kept.parentHash === parentHash && kept.audience === state.runtime
    const sequence = fits ? kept.sequence : (await lastGiven(trx, state.runtime)) + 1
    const isRewound = sequence <= there
    if (isRewound && !job.forced) return { type: 'rewound', problem: rewound(sequence, there, signer, state) }
    // Over what says the same, nothing is lost: what ran there was taken over.
    const drift = job.forced || state.current?.hash === job.hash ? null : await driftOf(trx, job.runtime, state)
    if (drift !== null) return { type: 'drifted', problem: drift }
    const unsigned = { hash: job.hash, parentHash, audience: state.runtime, sequence, createdAt: now() }
    const envelope = fits ? kept : signEnvelope(unsigned, signer)
    // Forced, it counts on from where the runtime is.
    await give(trx, state.runtime, Math.max(sequence, there))
    await trx
      .updateTable('release_target')
      .set({ envelope: JSON.stringify(envelope) })
      .where('release', '=', job.release)
      .where('runtime_id', '=', job.runtime)
      .execute()
    return { type: 'send', envelope, force: isRewound }
  })
}

async function lastGiven(trx: Trx, audience: string): Promise<number> {
  const query = trx.selectFrom('release_sequence').select('last').where('audience', '=', audience)
  return (await query.executeTakeFirst())?.last ?? 0
}

async function give(trx: Trx, audience: string, last: number): Promise<void> {
  await trx
    .insertInto('release_sequence')
    .values({ audience, last })
    .onConflict((conflict) => conflict.column('audience').doUpdateSet({ last }))
    .execute()
}

function rewound(sequence: number, there: number, { publisher }: Signer, { current }: RuntimeState): TargetProblem {
  return {
    code: 'release_rewound',
    detail: `This would be release number ${sequence} of "${publisher}" for the runtime, which has seen number ${there}: Studio was restored from an old backup, or another copy of it publishes.`,
    hint: 'Look at what the runtime has. If what Studio has shall replace it, publish again with force; the audit log tells that.',
    wayOut: 'force',
    inForce: inForceOf(current),
  }
}
