import type { Task, TaskState } from '../types.ts'

export interface TaskPage {
  data: Task[]
  nextCursor: string | null
}

/** So many may come into the first page of a list that is left open: one that is opened now begins with fewer, too. */
const mostComeIn = 5_000

/**
 * The pages with what has changed put in its place: known tasks are replaced, others go in front, and those that are in
 * another state than is asked for leave. The newest stand first. Pages in which nothing changed stay the same objects. What is
 * older than all that is shown comes with the page that it is on.
 */
export function withChanged(pages: readonly TaskPage[], changed: readonly Task[], state?: TaskState): TaskPage[] {
  const byId = new Map(changed.map((task) => [task.id, task]))
  const fits = (task: Task): boolean => state === undefined || task.state === state
  const known = new Set<string>()
  const next = pages.map((page): TaskPage => {
    for (const task of page.data) if (byId.has(task.id)) known.add(task.id)
    if (!page.data.some((task) => byId.has(task.id))) return page
    return { ...page, data: page.data.map((task) => byId.get(task.id) ?? task).filter(fits) }
  })
  const last = pages.at(-1)
  const oldest = last === undefined || last.nextCursor === null ? '' : (last.data.at(-1)?.id ?? '')
  const added = changed.filter((task) => !known.has(task.id) && task.id > oldest && fits(task))
  const [first, ...rest] = next
  if (first === undefined || added.length === 0) return next
  const data = [...added, ...first.data].sort((a, b) => (a.id < b.id ? 1 : -1))
  return [{ ...first, data }, ...rest]
}

/** Whether between the newest page and what is known nothing is missing, and what is known goes on with it. */
export function follows(pages: readonly TaskPage[], newest: TaskPage): boolean {
  if ((pages[0]?.data.length ?? 0) > mostComeIn) return false
  if (newest.nextCursor === null) return true
  const known = new Set(pages.flatMap((page) => page.data.map((task) => task.id)))
  return newest.data.some((task) => known.has(task.id))
}
