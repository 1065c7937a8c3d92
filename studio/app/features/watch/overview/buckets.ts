import type { TaskState } from '../types.ts'
import type { Window } from './windows.ts'

const minute = 60_000
const hour = 60 * minute

/** How long each window is, and each point of its charts. ms. */
export const windowMs: Record<Window, { whole: number; bucket: number }> = {
  hour: { whole: hour, bucket: 2 * minute },
  day: { whole: 24 * hour, bucket: hour },
  week: { whole: 7 * 24 * hour, bucket: 6 * hour },
}

/** Of a task, what charts need. */
export interface Measured {
  id: string
  state: TaskState
  createdAt: number
  startedAt: number | null
  endedAt: number | null
  inputTokens: number
  outputTokens: number
}

export interface Bucket {
  at: number
  messages: number
  failed: number
  inputTokens: number
  outputTokens: number
  /** Medians of what ended; null where nothing did. ms. */
  tookMs: number | null
  waitedMs: number | null
}

/** The window in equal parts, the last of which is still filling. Tasks count in the part in which they were made. */
export function bucketsOf(tasks: readonly Measured[], window: Window, now: number): Bucket[] {
  const { whole, bucket } = windowMs[window]
  // On even times, so that points keep their place while the window moves.
  const last = Math.floor(now / bucket) * bucket
  const first = last - whole + bucket
  const parts = Array.from({ length: whole / bucket }, (): Measured[] => [])
  for (const task of tasks) parts[Math.floor((task.createdAt - first) / bucket)]?.push(task)
  return parts.map((its, at) => ({
    at: first + at * bucket,
    messages: its.length,
    failed: its.filter(({ state }) => state === 'failed').length,
    inputTokens: its.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: its.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    ...timesOf(its),
  }))
}

/** How long answers took and how long they waited, in the middle. */
export function timesOf(tasks: readonly Measured[]): Pick<Bucket, 'tookMs' | 'waitedMs'> {
  return {
    tookMs: medianOf(tasks.flatMap((one) => (one.endedAt === null ? [] : [one.endedAt - one.createdAt]))),
    waitedMs: medianOf(tasks.flatMap((one) => (one.startedAt === null ? [] : [one.startedAt - one.createdAt]))),
  }
}

export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

/** Of each part of the window the newest tasks that are done, so many at most: those whose steps are looked at. */
export function sampleOf(tasks: readonly Measured[], window: Window, each: number): Measured[] {
  const { bucket } = windowMs[window]
  const taken = new Map<number, number>()
  return tasks.filter(({ state, createdAt }) => {
    const part = Math.floor(createdAt / bucket)
    const count = taken.get(part) ?? 0
    if (state !== 'done' || count >= each) return false
    taken.set(part, count + 1)
    return true
  })
}
