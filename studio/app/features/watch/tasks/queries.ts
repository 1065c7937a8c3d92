import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { agentSummary, delivery, message, step, task } from 'asyncv/schemas'
import { z } from 'zod'
import { isOnItsWay } from '../deliveries/course.ts'
import { ask, pageOf, pageSize } from '../runtime-api.ts'
import type { Message, Task, TaskState } from '../types.ts'

export interface TaskFilter {
  state?: TaskState | undefined
  session?: string | undefined
}

const taskPage = pageOf(task)

/** Tasks, newest first. What changes is put in by `useLiveTasks`, so that not every page is read again. */
export const taskListQuery = (runtime: string, { state, session }: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: ['watch', runtime, 'tasks', { state, session }],
    queryFn: ({ pageParam, signal }) => askTasks(runtime, { state, session }, { cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })

export function askTasks(
  runtime: string,
  filter: TaskFilter,
  { cursor, limit = pageSize, signal }: { cursor?: string | undefined; limit?: number; signal?: AbortSignal },
) {
  const query = { limit, cursor, state: filter.state, session: filter.session }
  return ask(taskPage, runtime, '/v1/tasks', { query, ...(signal ? { signal } : {}) })
}

/** Whether it may still change. */
export function isOpen({ state }: Pick<Task, 'state'>): boolean {
  return state === 'queued' || state === 'running'
}

/** ms: how often what a running task does is asked for; steps have no events. */
export const runningMs = 1_000

export const taskQuery = (runtime: string, id: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'task', id],
    queryFn: ({ signal }) => ask(task, runtime, `/v1/tasks/${encodeURIComponent(id)}`, { signal }),
    staleTime: 1_000,
  })

export const stepsQuery = (runtime: string, id: string, open = false) =>
  queryOptions({
    queryKey: ['watch', runtime, 'task', id, 'steps'],
    queryFn: async ({ signal }) =>
      (await ask(z.object({ data: z.array(step) }), runtime, `/v1/tasks/${encodeURIComponent(id)}/steps`, { signal }))
        .data,
    staleTime: 1_000,
    refetchInterval: open ? runningMs : false,
  })

/** What goes out to chat platforms for it. */
export const taskDeliveriesQuery = (runtime: string, id: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'task', id, 'deliveries'],
    queryFn: async ({ signal }) =>
      (
        await ask(pageOf(delivery), runtime, '/v1/deliveries', {
          query: { task: id, limit: 100, order: 'oldest' },
          signal,
        })
      ).data,
    staleTime: 1_000,
    refetchInterval: ({ state: { data } }) => (data?.some(isOnItsWay) ? 2_000 : false),
  })

/** Pages of messages that are looked through for that of a task. */
const mostPages = 20

/**
 * The message that a task was made for. Tasks do not name it, so it is sought among those of the session, from the newest
 * back to the time of the task; null when it is not there.
 */
export const taskMessageQuery = (
  runtime: string,
  { id, session, createdAt }: Pick<Task, 'id' | 'session' | 'createdAt'>,
) =>
  queryOptions({
    queryKey: ['watch', runtime, 'task', id, 'message'],
    queryFn: async ({ signal }): Promise<Message | null> => {
      let cursor: string | undefined
      for (let page = 0; page < mostPages; page += 1) {
        const query = { limit: page === 0 ? 50 : pageSize, order: 'newest', cursor }
        const path = `/v1/sessions/${encodeURIComponent(session)}/messages`
        const { data, nextCursor } = await ask(pageOf(message), runtime, path, { query, signal })
        const found = data.find((one) => one.task === id)
        if (found) return found
        // A task is as old as its message, within the moment that both were written.
        if (nextCursor === null || (data.at(-1)?.receivedAt ?? 0) < createdAt - 60_000) return null
        cursor = nextCursor
      }
      return null
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

export const agentNamesQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'agents'],
    queryFn: async ({ signal }) =>
      (await ask(z.object({ data: z.array(agentSummary) }), runtime, '/v1/agents', { signal })).data.map(
        ({ name }) => name,
      ),
    staleTime: 60_000,
  })

/** Cancels or retries; the answer is the task as it is then, for a retry perhaps a new one. */
export function useTaskAction(runtime: string, action: 'cancel' | 'retry') {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ask(task, runtime, `/v1/tasks/${encodeURIComponent(id)}/${action}`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['watch', runtime] }),
  })
}
