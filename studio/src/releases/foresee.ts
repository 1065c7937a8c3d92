/** What a release or a roll-back would do, told before anybody decides on it. Nothing is changed. */
import type { z } from 'zod'
import { Problem } from '../http/problem.ts'
import type { ItemProblem } from '../schemas/item-change.ts'
import type { releaseCheckRequest, releaseVerdict, rollBackPreview } from '../schemas/releases.ts'
import { askRuntimes } from './asked.ts'
import { composeChoice, newestRelease, type ReleasedItem } from './choice.ts'
import type { ReleasePorts } from './ports.ts'
import { wantedRuntimes } from './publish.ts'
import { compareReleases } from './read.ts'
import { stepsBack } from './roll-back.ts'

type Verdict = z.infer<typeof releaseVerdict>

/** Throws `item_unknown` and `runtime_unknown`. */
export async function foreseeRelease(
  { items, runtimes }: z.output<typeof releaseCheckRequest>,
  ports: ReleasePorts,
  signal: AbortSignal,
): Promise<Verdict> {
  const wanted = await wantedRuntimes(ports.db, runtimes)
  try {
    const { document } = await ports.db.transaction().execute((trx) => composeChoice(trx, items))
    return await askRuntimes(document, wanted, ports, signal)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'release_invalid') throw error
    // The choice does not hold together: no runtime has to be asked.
    const places = (error.more.errors ?? []) as readonly ItemProblem[]
    return { errors: places.map((place) => ({ ...place, runtime: null })), against: wanted, unchecked: [] }
  }
}

/** Throws `release_unknown`. */
export async function foreseeRollBack(
  to: number,
  ports: ReleasePorts,
  signal: AbortSignal,
): Promise<z.infer<typeof rollBackPreview>> {
  const { db } = ports
  const newest = await db.transaction().execute(newestRelease)
  const comparison = await compareReleases(db, { from: newest?.n ?? 0, to })
  const { document, laidAside } = await db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('release')
      .select(['document', 'items'])
      .where('n', '=', to)
      .executeTakeFirstOrThrow()
    const steps = await stepsBack(trx, JSON.parse(row.items) as ReleasedItem[], newest?.items ?? [])
    const aside = steps.filter(({ isLaidAside }) => isLaidAside)
    return {
      document: JSON.parse(row.document) as unknown,
      laidAside: aside.map(({ head: { kind, name, version } }) => ({ kind, name, version })),
    }
  })
  const verdict = await askRuntimes(document, await wantedRuntimes(db, undefined), ports, signal)
  return { ...comparison, laidAside, verdict }
}
