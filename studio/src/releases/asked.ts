/** What runtimes say of a document before it is published. */
import { Problem } from '../http/problem.ts'
import type { ItemProblem } from '../schemas/item-change.ts'
import { atItems } from './places.ts'
import type { ReleasePorts } from './ports.ts'
import { releasesOf } from './runtime-releases.ts'

export interface Verdicts {
  errors: (ItemProblem & { runtime: string })[]
  /** Those that would refuse it. */
  against: string[]
  /** Those that did not answer. */
  unchecked: string[]
}

export async function askRuntimes(
  document: unknown,
  ids: readonly string[],
  { runtimes, logger }: Pick<ReleasePorts, 'runtimes' | 'logger'>,
  signal: AbortSignal,
): Promise<Verdicts> {
  const verdicts: Verdicts = { errors: [], against: [], unchecked: [] }
  await Promise.all(
    ids.map(async (runtime) => {
      try {
        const { problems } = await releasesOf(runtimes, runtime).check(document, signal)
        if (problems.length === 0) return
        verdicts.against.push(runtime)
        verdicts.errors.push(...atItems(document, problems).map((problem) => ({ ...problem, runtime })))
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        logger.debug({ runtime, code: error.code }, 'a runtime could not be asked about a release')
        verdicts.unchecked.push(runtime)
      }
    }),
  )
  return verdicts
}
