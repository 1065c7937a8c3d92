import { queryOptions } from '@tanstack/react-query'
import { status, task } from 'asyncv/schemas'
import { ownMs } from '../../../api/own-time.ts'
import { releasePage } from '../../../../src/schemas/releases.ts'
import { request, requestText } from '../../../api/request.ts'
import { ask, pageOf, pageSize, throughStudio } from '../runtime-api.ts'
import { stepsQuery } from '../tasks/queries.ts'
import type { Task } from '../types.ts'
import { type Measured, sampleOf, windowMs } from './buckets.ts'
import { type WindowTasks, withinWindow } from './window-tasks.ts'
import type { Window } from './windows.ts'
import { readMetrics } from './metrics.ts'

/** Pages of tasks that are looked at: 5,000 tasks. */
const mostPages = 10
/** Of those that were open when they were read last, so many are asked for again. */
const mostOpen = 25

/** The tasks of a window, as far as they are looked at. What is known is not read again. */
export const windowTasksQuery = (runtime: string, window: Window) =>
  queryOptions({
    queryKey: ['watch', runtime, 'window', window],
    async queryFn({ client, queryKey, signal }): Promise<WindowTasks> {
      const before = client.getQueryData<WindowTasks>(queryKey)
      const start = Date.now() - windowMs[window].whole
      const byId = new Map(before?.tasks.map((one) => [one.id, one]))
      const known = new Set(byId.keys())
      // The window moves on: what it begins with may be known by now.
      let isWhole = before !== undefined && (before.isWhole || before.since <= start)
      let cursor: string | undefined
      for (let page = 0; page < mostPages; page += 1) {
        const query = { limit: pageSize, cursor }
        const { data, nextCursor } = await ask(pageOf(task), runtime, '/v1/tasks', { query, signal })
        for (const one of data) byId.set(one.id, measured(one))
        if (nextCursor === null || (data.at(-1)?.createdAt ?? 0) < start) {
          isWhole = true
          break
        }
        if (data.some(({ id }) => known.has(id))) break
        cursor = nextCursor
      }
      const open = [...byId.values()].filter((one) => known.has(one.id) && one.endedAt === null).slice(0, mostOpen)
      const asked = await Promise.allSettled(
        open.map(({ id }) => ask(task, runtime, `/v1/tasks/${encodeURIComponent(id)}`, { signal })),
      )
      for (const one of asked) if (one.status === 'fulfilled') byId.set(one.value.id, measured(one.value))
      return withinWindow(byId.values(), start, isWhole)
    },
    staleTime: 5_000,
    refetchInterval: 15_000,
  })

function measured({ id, state, createdAt, startedAt, endedAt, usage }: Task): Measured {
  return { id, state, createdAt, startedAt, endedAt, ...usage }
}

/** Tasks of each part of a window whose steps are looked at. */
export const sampleEach = 2

/** asyncv's own time of a sample: what of a task no model and no tool took. By the time of the task, oldest first. */
export const ownTimesQuery = (runtime: string, window: Window, { tasks }: WindowTasks) => {
  const sample = sampleOf(tasks, window, sampleEach)
  return queryOptions({
    queryKey: ['watch', runtime, 'own-times', sample.map(({ id }) => id)],
    async queryFn({ client }): Promise<{ at: number; ms: number }[]> {
      const own = await Promise.all(
        sample.map(async (one) => {
          // A task that is done does nothing more.
          const steps = await client.ensureQueryData({
            ...stepsQuery(runtime, one.id),
            staleTime: Number.POSITIVE_INFINITY,
          })
          return { at: one.createdAt, ms: ownMs(one, steps) ?? 0 }
        }),
      )
      return own.reverse()
    },
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  })
}

/** Counters and histograms since the runtime's start. */
export const metricsQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'metrics'],
    queryFn: async ({ signal }) => readMetrics(await requestText(`${throughStudio(runtime)}/metrics`, { signal })),
    staleTime: 10_000,
    refetchInterval: 15_000,
  })

/** How a runtime is doing, as it says itself. */
export const statusQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'status'],
    queryFn: ({ signal }) => ask(status, runtime, '/admin/v1/status', { signal, timeoutMs: 8_000 }),
    staleTime: 5_000,
    refetchInterval: 10_000,
  })

/** What was published last, to tell which runtimes have something else. */
export const latestTargetsQuery = queryOptions({
  queryKey: ['releases', 'latest-targets'],
  async queryFn({ signal }) {
    const { data } = await request(releasePage, '/releases', { query: { limit: 20 }, signal })
    const latest = new Map<string, { n: number; state: string; detail: string | null }>()
    for (const release of data) {
      for (const { runtime, state, problem } of release.targets) {
        if (state !== 'superseded' && !latest.has(runtime))
          latest.set(runtime, { n: release.n, state, detail: problem?.detail ?? null })
      }
    }
    return latest
  },
  staleTime: 10_000,
  refetchInterval: 30_000,
})
