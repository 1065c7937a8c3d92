import { ownMs } from '../../../api/own-time.ts'
import { endOf } from '../deliveries/course.ts'
import type { Delivery, Step, Task } from '../types.ts'

/** One bar: something that took time, for this task. */
export interface WaterfallRow {
  id: string
  kind: 'wait' | 'own' | 'unfinished' | 'input' | 'model' | 'tool' | 'delivery'
  name: string | null
  start: number
  /** Of what is not over: null. */
  end: number | null
  step?: Step
  delivery?: Delivery
}

export interface Waterfall {
  rows: WaterfallRow[]
  start: number
  /** Where the last bar ends; what is not over ends at `now`. */
  end: number
  /** The id of the row that took longest; null where nothing took any time, or there is one row alone. */
  slowest: string | null
  /** What neither a model nor a tool took, from the start of the work to its end; null of a task that is not done. ms. */
  ownMs: number | null
}

/** A gap between two steps is a row of its own from here on: ms, and the part of the whole. */
const gap = { ms: 20, part: 0.1 }

/** Everything that a task did, in order, with what it waited for. */
export function waterfallOf(
  task: Task,
  steps: readonly Step[],
  deliveries: readonly Delivery[],
  now: number,
): Waterfall {
  const begun = Math.min(...[task.startedAt, ...steps.map(({ startedAt }) => startedAt)].map((at) => at ?? now))
  const rows: WaterfallRow[] = []
  if (begun > task.createdAt || task.startedAt === null) {
    const end = task.startedAt === null ? task.endedAt : begun
    rows.push({ id: 'wait', kind: 'wait', name: null, start: task.createdAt, end })
  }
  rows.push(...steps.map(stepRow))
  rows.push(...deliveries.map(deliveryRow))
  const start = task.createdAt
  const end = Math.max(start, task.endedAt ?? now, ...rows.map((row) => row.end ?? now))
  const withGaps = task.startedAt === null ? rows : [...rows, ...gapsOf(task, steps, begun, end - start)]
  withGaps.sort((a, b) => a.start - b.start || order.indexOf(a.kind) - order.indexOf(b.kind))
  const lengths = withGaps.map((row) => (row.end ?? now) - row.start)
  const longest = Math.max(0, ...lengths)
  const slowest = withGaps.length > 1 && longest > 0 ? (withGaps[lengths.indexOf(longest)]?.id ?? null) : null
  return { rows: withGaps, start, end, slowest, ownMs: ownMs(task, steps) }
}

const order: WaterfallRow['kind'][] = ['wait', 'own', 'unfinished', 'input', 'model', 'tool', 'delivery']

function stepRow(step: Step): WaterfallRow {
  return {
    id: `step-${step.n}`,
    kind: step.kind,
    name: step.name,
    start: step.startedAt,
    end: step.endedAt,
    step,
  }
}

function deliveryRow(delivery: Delivery): WaterfallRow {
  const { id, createdAt } = delivery
  return { id, kind: 'delivery', name: null, start: createdAt, end: endOf(delivery), delivery }
}

/**
 * Where nothing of a model or tool ran, though the task did; and at the end of a task that runs or failed, what was begun and
 * has no step: steps are written when they are over.
 */
function gapsOf(task: Task, steps: readonly Step[], begun: number, wholeMs: number): WaterfallRow[] {
  const gaps: WaterfallRow[] = []
  let free = begun
  const note = (until: number): void => {
    const ms = until - free
    if (ms >= gap.ms && ms >= wholeMs * gap.part)
      gaps.push({ id: `own-${gaps.length}`, kind: 'own', name: null, start: free, end: until })
  }
  for (const { startedAt, endedAt } of [...steps].sort((a, b) => a.startedAt - b.startedAt)) {
    note(startedAt)
    if (endedAt === null) return gaps
    free = Math.max(free, endedAt)
  }
  if (task.state === 'done' && task.endedAt !== null) note(task.endedAt)
  else if (task.endedAt === null || task.endedAt > free)
    gaps.push({ id: 'unfinished', kind: 'unfinished', name: null, start: free, end: task.endedAt })
  return gaps
}
