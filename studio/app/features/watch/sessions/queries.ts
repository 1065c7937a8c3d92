import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { message, releaseState, session, task } from 'asyncv/schemas'
import { z } from 'zod'
import { isMissing } from '../../../api/problem.ts'
import { ask, pageOf, pageSize } from '../runtime-api.ts'
import { stepsQuery, taskDeliveriesQuery } from '../tasks/queries.ts'
import type { Delivery, Message, Task } from '../types.ts'

/** Sessions, those that were begun last first. */
export const sessionListQuery = (runtime: string) =>
  infiniteQueryOptions({
    queryKey: ['watch', runtime, 'sessions'],
    queryFn: ({ pageParam, signal }) =>
      ask(pageOf(session), runtime, '/v1/sessions', { query: { limit: pageSize, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })

export const sessionQuery = (runtime: string, id: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'session', id],
    queryFn: ({ signal }) => ask(session, runtime, `/v1/sessions/${encodeURIComponent(id)}`, { signal }),
  })

/** A message with what became of it. */
export interface Exchange {
  message: Message
  /** Null for a command, and for a task that is kept no more. */
  task: Task | null
  deliveries: Delivery[]
}

/** Messages that are read at once: each takes a request or two more. */
const exchangesAtOnce = 30

/** The conversation from its end back, a page of messages with their answers at a time. */
export const transcriptQuery = (runtime: string, id: string) =>
  infiniteQueryOptions({
    queryKey: ['watch', runtime, 'session', id, 'transcript'],
    async queryFn({ client, pageParam, signal }) {
      const path = `/v1/sessions/${encodeURIComponent(id)}/messages`
      const query = { limit: exchangesAtOnce, order: 'newest', cursor: pageParam }
      const [{ data, nextCursor }, { address }] = await Promise.all([
        ask(pageOf(message), runtime, path, { query, signal }),
        client.ensureQueryData(sessionQuery(runtime, id)),
      ])
      const isDelivered = !address.startsWith('api:')
      const exchanges = await Promise.all(
        data.map(async (one): Promise<Exchange> => {
          const its = one.task === null ? null : await taskOf(client, runtime, one.task)
          const goesOut = isDelivered && its !== null && its.state !== 'absorbed'
          return { message: one, task: its, deliveries: goesOut ? await deliveriesOf(client, runtime, its) : [] }
        }),
      )
      return { exchanges: exchanges.reverse(), nextCursor }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: 2_000,
  })

/** A task that has ended changes no more but by a retry, of which an event tells. */
async function taskOf(client: QueryClient, runtime: string, id: string): Promise<Task | null> {
  const queryKey = ['watch', runtime, 'session-task', id]
  const known = client.getQueryData<Task>(queryKey)
  if (known && known.endedAt !== null && known.state === 'done') return known
  try {
    return await client.fetchQuery({
      queryKey,
      queryFn: ({ signal }) => ask(task, runtime, `/v1/tasks/${encodeURIComponent(id)}`, { signal }),
      staleTime: 0,
    })
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

async function deliveriesOf(client: QueryClient, runtime: string, { id, endedAt }: Task): Promise<Delivery[]> {
  const options = taskDeliveriesQuery(runtime, id)
  const known = client.getQueryData(options.queryKey)
  const isSettled = endedAt !== null && known !== undefined && known.length > 0
  if (isSettled && known.every(({ settledAt }) => settledAt !== null)) return known
  return client.fetchQuery({ ...options, staleTime: 0 })
}

/** What every task of the list did, for the model's view. */
export const stepsOfAllQuery = (runtime: string, id: string, tasks: readonly Task[]) =>
  queryOptions({
    queryKey: ['watch', runtime, 'session', id, 'steps', tasks.map((one) => `${one.id} ${one.attempt} ${one.state}`)],
    queryFn: async ({ client }) =>
      new Map(
        await Promise.all(
          tasks.map(
            async (one) =>
              [
                one.id,
                await client.fetchQuery({
                  ...stepsQuery(runtime, one.id),
                  staleTime: one.endedAt === null ? 0 : 60_000,
                }),
              ] as const,
          ),
        ),
      ),
    // The list grows with each message: what is known stays on the page until the rest is here.
    placeholderData: (before) => before,
    refetchInterval: tasks.some(({ endedAt }) => endedAt === null) ? 1_500 : false,
  })

const withAgents = z.looseObject({
  agents: z.array(z.looseObject({ name: z.string(), instructions: z.string().optional().catch(undefined) })),
})

/** The agent's instructions in the release in force; null where the runtime does not tell. */
export const instructionsQuery = (runtime: string, agent: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'instructions', agent],
    async queryFn({ signal }): Promise<string | null> {
      const { current } = await ask(releaseState, runtime, '/admin/v1/release', { signal })
      const its = withAgents.safeParse(current?.document).data?.agents ?? []
      return its.find(({ name }) => name === agent)?.instructions ?? null
    },
    staleTime: 60_000,
  })
