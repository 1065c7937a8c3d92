/** Where the releases are for each runtime: rows that are pending until it is known what became of them. */
import { append, studioItself } from '../audit/append.ts'
import type { ReleaseEnvelope } from 'asyncv/schemas'
import type { Selectable } from 'kysely'
import type { Trx } from '../database/open.ts'
import type { ReleaseTargetRow } from '../database/tables.ts'
import type { StudioEvent } from '../events.ts'
import type { AnnouncedEvent, ReleasePorts } from './ports.ts'
import type { targetProblem } from '../schemas/releases.ts'
import type { z } from 'zod'

export type TargetRow = Selectable<ReleaseTargetRow>
export type TargetProblem = z.infer<typeof targetProblem>

export interface TargetKey {
  release: number
  runtime: string
}

/** The target of the newest release that is for this runtime. */
export function newestTarget(trx: Trx, runtime: string): Promise<TargetRow | undefined> {
  return trx
    .selectFrom('release_target')
    .selectAll()
    .where('runtime_id', '=', runtime)
    .orderBy('release', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export interface Applied {
  release: number
  hash: string
  /** What the runtime that has it calls itself; null where that was not written down. */
  audience: string | null
}

/** What this Studio last saw applied there. */
export async function lastApplied(trx: Trx, runtime: string): Promise<Applied | undefined> {
  const row = await trx
    .selectFrom('release_target')
    .innerJoin('release', 'release.n', 'release_target.release')
    .select(['release_target.release', 'release.hash', 'release_target.envelope'])
    .where('runtime_id', '=', runtime)
    .where('revision', 'is not', null)
    .orderBy('release_target.release', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { envelope, ...known } = row
  const audience = envelope === null ? null : (JSON.parse(envelope) as ReleaseEnvelope).audience
  return { ...known, audience }
}

/** Due at once. `anew`: nothing that was signed before is sent again. */
export async function makePending(
  trx: Trx,
  { release, runtime }: TargetKey,
  { force, anew }: { force: boolean; anew: boolean },
  at: number,
  tell: (event: StudioEvent) => void,
): Promise<void> {
  const due = { state: 'pending', attempts: 0, next_at: at, problem: null, changed_at: at } as const
  await trx
    .updateTable('release_target')
    .set({ ...due, forced: force ? 1 : 0, ...(anew ? { envelope: null } : {}) })
    .where('release', '=', release)
    .where('runtime_id', '=', runtime)
    .execute()
  tell({ type: 'target.changed', release, runtime, state: 'pending' })
}

export interface Move {
  state: Extract<TargetRow['state'], 'applied' | 'refused' | 'drifted'>
  problem: TargetProblem | null
  revision?: number
}

/** Settles a target, with everything that has to be told of that. One that was superseded meanwhile only notes that it arrived. */
export async function settle(
  trx: Trx,
  { release, runtime }: TargetKey,
  { state, problem, revision }: Move,
  { announce, now }: Pick<ReleasePorts, 'announce' | 'now'>,
  tell: (event: StudioEvent) => void,
): Promise<void> {
  const at = now()
  const row = trx.updateTable('release_target').where('release', '=', release).where('runtime_id', '=', runtime)
  const arrived = revision === undefined ? {} : { revision }
  const moved = await row
    .where('state', '!=', 'superseded')
    .set({
      ...arrived,
      state,
      problem: problem === null ? null : JSON.stringify(problem),
      attempts: 0,
      next_at: null,
      forced: 0,
      changed_at: at,
    })
    .executeTakeFirst()
  if (moved.numUpdatedRows === 0n) {
    if (revision !== undefined) await row.set(arrived).execute()
    return
  }
  const event: AnnouncedEvent = `release.${state}`
  const runtimeName = await nameOf(trx, runtime)
  const said = problem === null ? {} : { code: problem.code, reason: problem.detail }
  const data = { release, runtime, ...(revision === undefined ? {} : { revision }), ...said }
  await append(trx, { at, by: studioItself, action: event, target: String(release), detail: data })
  await announce(trx, event, { ...data, runtimeName, ...(problem?.errors && { errors: problem.errors }) })
  tell({ type: 'target.changed', release, runtime, state })
}

async function nameOf(trx: Trx, runtime: string): Promise<string | null> {
  const row = await trx.selectFrom('runtime').select('name').where('id', '=', runtime).executeTakeFirst()
  return row?.name ?? null
}
