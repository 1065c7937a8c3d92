import type { Clock } from '../clock.ts'
import { toErrorRecord } from '../errors.ts'
import { atMost } from '../internal/abandoning.ts'
import type { PartTest } from '../operating.ts'
import type { Check } from '../provider.ts'

/** How long a platform may take to answer. ms. */
const longestMs = 15_000

interface Testable {
  type?: string
  test?(signal?: AbortSignal): Promise<Check>
}

export interface TestPorts {
  clock: Pick<Clock, 'after'>
  /** Takes the values of secrets out of what a platform said. */
  hide(text: string): string
}

/** Tries a connector or a provider; one that takes too long, or throws against its promise, has failed. */
export async function testPart(
  name: string,
  part: Testable,
  { clock, hide }: TestPorts,
  signal?: AbortSignal,
): Promise<PartTest> {
  const about = { name, type: part.type ?? null }
  if (part.test === undefined) return { ...about, ...nothing, result: 'untestable' }
  const left = new AbortController()
  const stop = signal === undefined ? left.signal : AbortSignal.any([left.signal, signal])
  const check = await atMost(longestMs, clock, () => part.test?.(stop)).catch((error: unknown): Check => {
    return { ok: false, problem: toErrorRecord(error).message }
  })
  left.abort()
  if (check?.ok !== true) {
    const { problem = 'It said nothing.', hint } = check ?? {}
    return {
      ...about,
      ...nothing,
      result: 'failed',
      detail: hide(problem),
      hint: hint === undefined ? null : hide(hint),
    }
  }
  const { latencyMs, detail, models } = check
  return {
    ...about,
    result: 'ok',
    latencyMs,
    detail: detail === undefined ? null : hide(detail),
    hint: null,
    models: models === undefined ? null : [...models],
  }
}

const nothing = { latencyMs: null, detail: null, hint: null, models: null } as const
