import type { step, task } from 'asyncv/schemas'
import type { z } from 'zod'

type Timed = Pick<z.output<typeof step>, 'kind' | 'startedAt' | 'endedAt'>
type Task = Pick<z.output<typeof task>, 'state' | 'createdAt' | 'startedAt' | 'endedAt'>

/**
 * What of a task the runtime itself took: from the start of the work to its end, without what models and tools took. ms; null
 * of a task that is not done, since of a call that failed there is no step.
 */
export function ownMs({ state, createdAt, startedAt, endedAt }: Task, steps: readonly Timed[]): number | null {
  if (state !== 'done' || endedAt === null) return null
  const begun = Math.min(startedAt ?? createdAt, ...steps.map((one) => one.startedAt))
  return Math.max(0, endedAt - begun - busyMs(steps, begun))
}

/** How long at least one model or tool was at work; what ran side by side counts once. */
function busyMs(steps: readonly Timed[], from: number): number {
  let busy = 0
  let until = from
  for (const { kind, startedAt, endedAt } of steps.toSorted((a, b) => a.startedAt - b.startedAt)) {
    if (kind === 'input' || endedAt === null || endedAt <= until) continue
    busy += endedAt - Math.max(until, startedAt)
    until = endedAt
  }
  return busy
}
