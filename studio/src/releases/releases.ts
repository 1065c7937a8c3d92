/** Releases: what people do with them, and what goes on meanwhile until each runtime has them. */
import type { Author } from '../items/write.ts'
import type { z } from 'zod'
import { startDueLoop } from '../due-loop.ts'
import type {
  publishedRelease,
  publishRequest,
  releaseCheckRequest,
  releaseComparison,
  releasePage,
  releaseQuery,
  releaseVerdict,
  rollBackPreview,
  rollBackRequest,
  wholeStudioRelease,
} from '../schemas/releases.ts'
import { dueTargets } from './due-targets.ts'
import { type Looking, startLooking } from './look.ts'
import { foreseeRelease, foreseeRollBack } from './foresee.ts'
import type { ReleasePorts } from './ports.ts'
import { publish } from './publish.ts'
import { push } from './push.ts'
import { compareReleases, exportRelease, listReleases, oneRelease } from './read.ts'
import { retryTarget } from './retry.ts'
import { rollBack } from './roll-back.ts'
import type { TargetKey } from './targets.ts'

type WholeRelease = z.infer<typeof wholeStudioRelease>

/** Every verb throws a `Problem` for what cannot be done, with nothing changed. */
export interface Releases {
  list(query: z.output<typeof releaseQuery>): Promise<z.infer<typeof releasePage>>
  get(n: number): Promise<WholeRelease>
  compare(pair: { from: number; to: number }): Promise<z.infer<typeof releaseComparison>>
  /** The text of a file. */
  export(n: number): Promise<string>
  /** What runtimes would say of such a release. */
  foresee(request: z.output<typeof releaseCheckRequest>): Promise<z.infer<typeof releaseVerdict>>
  foreseeRollBack(to: number): Promise<z.infer<typeof rollBackPreview>>
  /** Resolves once it is decided and on disk; the runtimes have it later, which targets and events tell. */
  publish(request: z.output<typeof publishRequest>, by: Author): Promise<z.infer<typeof publishedRelease>>
  rollBack(to: number, request: z.output<typeof rollBackRequest>, by: Author): Promise<z.infer<typeof publishedRelease>>
  retry(target: TargetKey, options: { force: boolean }, by: Author): Promise<WholeRelease>
  /** Ends what is under way; where it was, the database says. */
  close(): Promise<void>
}

export interface ReleaseOptions {
  /** How often runtimes are looked at for drift. ms. */
  lookEveryMs: number
}

/** Begins to push what is due. */
export function openReleases(
  given: Omit<ReleasePorts, 'wake'> & { wake?: () => void },
  options: ReleaseOptions,
): Releases {
  const leaving = new AbortController()
  const ports: ReleasePorts = {
    ...given,
    wake() {
      pushing.wake()
      given.wake?.()
    },
  }
  const { db, now, logger } = ports
  const pushing = startDueLoop({
    name: 'pushing releases',
    look: () => dueTargets(db, now()),
    keyOf: ({ runtime }) => runtime,
    run: (job, signal) => push(job, ports, signal),
    now,
    logger,
  })
  const looking: Looking = startLooking(options.lookEveryMs, ports)

  return {
    list(query) {
      looking.look()
      return listReleases(db, query)
    },
    get(n) {
      looking.look()
      return oneRelease(db, n)
    },
    compare: (pair) => compareReleases(db, pair),
    export: (n) => exportRelease(db, n),
    foresee: (request) => foreseeRelease(request, ports, leaving.signal),
    foreseeRollBack: (to) => foreseeRollBack(to, ports, leaving.signal),
    async publish(request, by) {
      const { n, ...more } = await publish(request, by, ports, leaving.signal)
      return { release: await oneRelease(db, n), ...more, laidAside: [] }
    },
    async rollBack(to, request, by) {
      const { n, ...more } = await rollBack(to, request, by, ports, leaving.signal)
      return { release: await oneRelease(db, n), ...more }
    },
    async retry(target, retryOptions, by) {
      await retryTarget(target, retryOptions, by, ports)
      return oneRelease(db, target.release)
    },
    async close() {
      leaving.abort()
      await Promise.all([pushing.close(), looking.close()])
    },
  }
}
