import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { task } from 'asyncv/schemas'
import { useRuntimeEvents } from '../live.ts'
import { ask } from '../runtime-api.ts'
import type { RuntimeEvent, Task } from '../types.ts'
import { askTasks, isOpen, type TaskFilter, taskListQuery } from './queries.ts'
import { follows, type TaskPage, withChanged } from './merge.ts'

/** The newest that are looked at when something happened. */
const newestCount = 100
/** Of older ones, so many are asked for each time; those that run or wait have their turn again. */
const mostOlder = 25
/** ms, where no events tell. */
const askMs = 4_000
/** ms, beside events: a task that begins to run has none. */
const besidesMs = 15_000

/** Keeps the list as it is in the runtime while `on`; what is on the page stays when the runtime does not answer. */
export function useLiveTasks(runtime: string, filter: TaskFilter, on: boolean): void {
  const client = useQueryClient()
  const { queryKey } = taskListQuery(runtime, filter)
  const busy = useRef(false)
  // What came while the last was still being asked about.
  const waiting = useRef<RuntimeEvent[]>([])
  const turn = useRef(0)

  const refresh = async (came: readonly RuntimeEvent[]): Promise<void> => {
    waiting.current.push(...came)
    if (busy.current) return
    busy.current = true
    const events = waiting.current
    waiting.current = []
    try {
      const newest = await askTasks(runtime, filter, { limit: newestCount })
      const known = client.getQueryData(queryKey)
      if (known === undefined) return
      const seen = new Set(newest.data.map(({ id }) => id))
      const older = olderOf(known.pages, events, seen, filter, turn.current++)
      if (!follows(known.pages, newest)) {
        await client.resetQueries({ queryKey, exact: true })
        return
      }
      const others = await Promise.all(
        older.map((id) => ask(task, runtime, `/v1/tasks/${encodeURIComponent(id)}`).catch(() => null)),
      )
      const changed = [...newest.data, ...others.filter((one): one is Task => one !== null)]
      client.setQueryData(queryKey, (now) =>
        now === undefined ? now : { ...now, pages: withChanged(now.pages, changed, filter.state) },
      )
    } catch {
      // The runtime does not answer: the banner says so, and the next turn asks again.
    } finally {
      busy.current = false
      if (waiting.current.length > 0) void latest.current([])
    }
  }
  const hears = useRuntimeEvents(runtime, on, (events) => void refresh(events))
  const latest = useRef(refresh)
  latest.current = refresh
  useEffect(() => {
    if (!on) return
    void latest.current([])
    const timer = setInterval(() => document.hidden || void latest.current([]), hears ? besidesMs : askMs)
    return () => clearInterval(timer)
  }, [on, hears])
}

/** Tasks that changed and are not among the newest: those that are shown, and those that may now fit the filter. */
function olderOf(
  pages: readonly TaskPage[],
  events: readonly RuntimeEvent[],
  seen: ReadonlySet<string>,
  { state, session }: TaskFilter,
  turn: number,
): string[] {
  const shown = pages.flatMap((page) => page.data).filter(({ id }) => !seen.has(id))
  const isShown = new Set(shown.map(({ id }) => id))
  const told = events
    .filter((event) => session === undefined || event.session === session)
    .flatMap(({ task: one, into }) => [one, into])
    .filter((id): id is string => id !== null && !seen.has(id) && (state !== undefined || isShown.has(id)))
  // What runs or waits is shown until it is known to be over, whether an event told or not; where they are many, in turns.
  const open = shown.filter(isOpen).map(({ id }) => id)
  const first = open.length > mostOlder ? (turn * mostOlder) % open.length : 0
  return [...new Set([...told, ...open.slice(first), ...open.slice(0, first)])].slice(0, mostOlder)
}
