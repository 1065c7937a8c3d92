import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { message, session, task } from 'asyncv/schemas'
import { useEffect, useState } from 'react'
import { ask, pageOf, pageSize } from '../runtime-api.ts'
import type { Message, Session } from '../types.ts'
import { type FoundMessage, matches, orMissing } from './queries.ts'

/** Sessions that are read side by side. */
const sessionsAtOnce = 10

/** Every message of every session in which `wanted` stands, some sessions at a time, those that were begun last first. */
const everywhereQuery = (runtime: string, wanted: string) =>
  infiniteQueryOptions({
    queryKey: ['watch', runtime, 'everywhere', wanted],
    async queryFn({ pageParam, signal }) {
      const query = { limit: sessionsAtOnce, cursor: pageParam }
      const { data, nextCursor } = await ask(pageOf(session), runtime, '/v1/sessions', { query, signal })
      const searched = await Promise.all(data.map((one) => searchedIn(runtime, one, wanted, signal)))
      return {
        found: searched.flatMap(({ found }) => found),
        messages: searched.reduce((sum, { messages }) => sum + messages, 0),
        sessions: data.length,
        nextCursor,
      }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: 60_000,
  })

async function searchedIn(runtime: string, its: Session, wanted: string, signal: AbortSignal) {
  const path = `/v1/sessions/${encodeURIComponent(its.id)}/messages`
  const fitting: Message[] = []
  let messages = 0
  let cursor: string | undefined
  do {
    const page = await ask(pageOf(message), runtime, path, {
      query: { limit: pageSize, order: 'newest', cursor },
      signal,
    })
    messages += page.data.length
    fitting.push(...page.data.filter((one) => matches({ message: one, session: its }, wanted)))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  const found = await Promise.all(
    fitting.map(async (one): Promise<FoundMessage> => {
      const asked =
        one.task === null ? null : ask(task, runtime, `/v1/tasks/${encodeURIComponent(one.task)}`, { signal })
      return { message: one, session: its, state: (asked && (await orMissing(asked)))?.state ?? null }
    }),
  )
  return { found, messages }
}

export interface Everywhere {
  /** `idle` until somebody asks for it; `over` when nothing is left to search. */
  state: 'idle' | 'searching' | 'failed' | 'over'
  found: readonly FoundMessage[]
  messages: number
  sessions: number
  begin(): void
  stop(): void
}

/** The search in all sessions, which goes on by itself until it is stopped or another text is looked for. */
export function useEverywhere(runtime: string, wanted: string): Everywhere {
  const [asked, setAsked] = useState<string | null>(null)
  const isAsked = asked === wanted && wanted !== ''
  const query = useInfiniteQuery({ ...everywhereQuery(runtime, wanted), enabled: isAsked })
  const { hasNextPage, isFetching, isError, fetchNextPage, data } = query
  useEffect(() => {
    if (isAsked && hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [isAsked, hasNextPage, isFetching, isError, fetchNextPage])
  const pages = data?.pages ?? []
  const isOver = data !== undefined && !hasNextPage
  return {
    state: isOver ? 'over' : !isAsked ? 'idle' : isError ? 'failed' : 'searching',
    found: pages.flatMap(({ found }) => found),
    messages: pages.reduce((sum, { messages }) => sum + messages, 0),
    sessions: pages.reduce((sum, { sessions }) => sum + sessions, 0),
    begin() {
      setAsked(wanted)
      if (isError) void query.refetch()
    },
    stop: () => setAsked(null),
  }
}
