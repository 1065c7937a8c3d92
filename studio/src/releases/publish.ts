/** A release: decided in one transaction, after the runtimes that answer were asked what they think of it. */
import { append } from '../audit/append.ts'
import type { Author } from '../items/write.ts'
import type { z } from 'zod'
import type { Database, Trx } from '../database/open.ts'
import type { StudioEvent } from '../events.ts'
import { Problem } from '../http/problem.ts'
import { canonicalJson } from 'asyncv/schemas'
import type { publishRequest } from '../schemas/releases.ts'
import { askRuntimes } from './asked.ts'
import { type Composed, composeChoice, newestRelease, type ReleasedItem } from './choice.ts'
import { committed } from './committed.ts'
import type { ReleasePorts } from './ports.ts'
import type { TargetKey } from './targets.ts'

export interface Published {
  n: number
  unchecked: string[]
  left: string[]
}

export async function publish(
  { items, summary, runtimes, anyway = false, force = false }: z.output<typeof publishRequest>,
  by: Author,
  ports: ReleasePorts,
  signal: AbortSignal,
): Promise<Published> {
  const looked = await ports.db.transaction().execute((trx) => composeChoice(trx, items))
  if (looked.hash === looked.after?.hash) {
    throw new Problem('state_conflict', `This is what release ${looked.after.n} says already.`, {
      hint: 'To bring that one to a runtime again, retry its target.',
    })
  }
  const { targets, unchecked, left } = await targetsFor(looked.document, { runtimes, anyway }, ports, signal)
  const n = await committed(ports, async (trx, tell) => {
    const composed = await composeChoice(trx, items)
    if (composed.hash !== looked.hash || composed.after?.n !== looked.after?.n) throw overtaken()
    return writeRelease(trx, { ...composed, summary, by, rollsBackTo: null, targets, force }, ports, tell)
  })
  return { n, unchecked, left }
}

export function overtaken(): Problem {
  return new Problem('version_conflict', 'Somebody saved or published meanwhile; nothing was published.', {
    hint: 'Look at what has changed, and publish again.',
  })
}

/** Throws `runtime_unknown`, and `release_invalid` with each place that a runtime would refuse. */
export async function targetsFor(
  document: unknown,
  { runtimes, anyway }: { runtimes: readonly string[] | undefined; anyway: boolean },
  ports: ReleasePorts,
  signal: AbortSignal,
): Promise<{ targets: string[]; unchecked: string[]; left: string[] }> {
  const wanted = await wantedRuntimes(ports.db, runtimes)
  const { errors, against, unchecked } = await askRuntimes(document, wanted, ports, signal)
  const targets = wanted.filter((id) => !against.includes(id))
  if (errors.length > 0 && (!anyway || targets.length === 0)) {
    const [first] = errors
    const place = first?.kind === null ? 'The document' : `The ${first?.kind} "${first?.name}"`
    throw new Problem('release_invalid', `${place}${first?.pointer && ` at ${first.pointer}`}: ${first?.detail}`, {
      errors,
      hint:
        targets.length === 0
          ? 'No runtime would take it: mend what is wrong.'
          : 'Mend what is wrong, or publish it to the other runtimes anyway.',
      extra: { against, unchecked },
    })
  }
  return { targets, unchecked, left: against }
}

/** Those that were named, or all, in the order in which they were connected. Throws `runtime_unknown`. */
export async function wantedRuntimes(db: Database | Trx, named: readonly string[] | undefined): Promise<string[]> {
  const connected = (await db.selectFrom('runtime').select('id').orderBy('created_at').execute()).map(({ id }) => id)
  const unknown = named?.find((id) => !connected.includes(id))
  if (unknown !== undefined) throw new Problem('runtime_unknown', `There is no runtime ${JSON.stringify(unknown)}.`)
  return connected.filter((id) => named?.includes(id) ?? true)
}

export interface NewRelease extends Pick<Composed, 'hash' | 'items'> {
  document: unknown
  summary: string
  by: Author
  rollsBackTo: number | null
  targets: readonly string[]
  /** Over what the runtimes have. */
  force: boolean
}

/** The next number, its targets, and whoever has to hear of it: all of it or nothing. Throws `runtime_unknown`. */
export async function writeRelease(
  trx: Trx,
  { document, hash, items, summary, by, rollsBackTo, targets, force }: NewRelease,
  { announce, now }: Pick<ReleasePorts, 'announce' | 'now'>,
  tell: (event: StudioEvent) => void,
): Promise<number> {
  const at = now()
  const n = ((await newestRelease(trx))?.n ?? 0) + 1
  // One may have been disconnected while it was asked, which takes as long as the slowest of them.
  const connected = await wantedRuntimes(trx, undefined)
  const there = targets.filter((id) => connected.includes(id))
  if (targets.length > 0 && there.length === 0) {
    throw new Problem('runtime_unknown', 'No runtime that this was for is connected any more; nothing was published.', {
      hint: 'Look at the runtimes that there are, and publish again.',
    })
  }
  await trx
    .insertInto('release')
    .values({
      n,
      document: canonicalJson(document),
      hash,
      items: JSON.stringify(items satisfies ReleasedItem[]),
      summary,
      author: by.id,
      author_name: by.name,
      at,
      rolls_back_to: rollsBackTo,
    })
    .execute()
  for (const runtime of there) await makeTarget(trx, { release: n, runtime, force }, at, tell)
  const more = { summary, hash, runtimes: there }
  const action = rollsBackTo === null ? 'release.published' : 'release.rolled_back'
  const detail = { ...more, ...(rollsBackTo === null ? {} : { rollsBackTo }), ...(force ? { force } : {}) }
  await append(trx, { at, by, action, target: String(n), detail })
  await announce(trx, 'release.published', { release: n, ...more, rollsBackTo, author: by.name })
  tell({ type: 'release.published', release: n })
  return n
}

/** Pending from now on; what is pending for this runtime from earlier releases is so no more. */
export async function makeTarget(
  trx: Trx,
  { release, runtime, force }: TargetKey & { force: boolean },
  at: number,
  tell: (event: StudioEvent) => void,
): Promise<void> {
  const earlier = await trx
    .updateTable('release_target')
    .set({ state: 'superseded', next_at: null, changed_at: at })
    .where('runtime_id', '=', runtime)
    .where('state', '=', 'pending')
    .returning('release')
    .execute()
  for (const { release } of earlier) tell({ type: 'target.changed', release, runtime, state: 'superseded' })
  await trx
    .insertInto('release_target')
    .values({
      release,
      runtime_id: runtime,
      state: 'pending',
      envelope: null,
      attempts: 0,
      next_at: at,
      problem: null,
      revision: null,
      changed_at: at,
      forced: force ? 1 : 0,
    })
    .execute()
  tell({ type: 'target.changed', release, runtime, state: 'pending' })
}
