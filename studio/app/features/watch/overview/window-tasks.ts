import type { Measured } from './buckets.ts'

export interface WindowTasks {
  tasks: Measured[]
  /** False when there are more in the window than are looked at: `since` is then the oldest that was. */
  isWhole: boolean
  since: number
}

/** A page that is left open looks at each task that comes in: so many are kept, whatever the window. */
export const mostTasks = 50_000

/** Those that were made since `start`, newest first. `isWhole`: none of these is missing. */
export function withinWindow(all: Iterable<Measured>, start: number, isWhole: boolean): WindowTasks {
  const found = [...all].filter(({ createdAt }) => createdAt >= start).sort((a, b) => b.createdAt - a.createdAt)
  const tasks = found.slice(0, mostTasks)
  if (isWhole && tasks.length === found.length) return { tasks, isWhole, since: start }
  return { tasks, isWhole: false, since: tasks.at(-1)?.createdAt ?? start }
}
