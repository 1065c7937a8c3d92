import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { importResult, type unpublishedChange, unpublishedChanges } from '../../../src/schemas/item-change.ts'
import {
  type itemDifference,
  publishedRelease,
  type publishRequest,
  type releaseCheckRequest,
  releaseComparison,
  type releaseInList,
  releasePage,
  type releaseTarget,
  releaseVerdict,
  rollBackPreview,
  wholeStudioRelease,
} from '../../../src/schemas/releases.ts'
import { request } from '../../api/request.ts'

export type Change = z.output<typeof unpublishedChange>
export type ItemDifference = z.output<typeof itemDifference>
export type Release = z.output<typeof wholeStudioRelease>
export type ListedRelease = z.output<typeof releaseInList>
export type Target = z.output<typeof releaseTarget>
export type Verdict = z.output<typeof releaseVerdict>
export type ImportResult = z.output<typeof importResult>

/** ms; events tell sooner. While a runtime is waited for, it is looked at more often. */
const every = { calm: 20_000, waiting: 2_000 }

/** What is saved and not published. */
export const changesQuery = queryOptions({
  queryKey: ['changes'],
  queryFn: ({ signal }) => request(unpublishedChanges, '/changes', { signal }),
  refetchInterval: every.calm,
})

export const releasesQuery = infiniteQueryOptions({
  queryKey: ['releases', 'list'],
  queryFn: ({ pageParam, signal }) =>
    request(releasePage, '/releases', { query: { cursor: pageParam ?? undefined }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
  refetchInterval: ({ state }) => pace(state.data?.pages.flatMap((page) => page.data)),
})

export const releaseQuery = (n: number) =>
  queryOptions({
    queryKey: ['releases', 'one', n],
    queryFn: ({ signal }) => request(wholeStudioRelease, `/releases/${n}`, { signal }),
    refetchInterval: ({ state }) => pace(state.data && [state.data]),
  })

/** Releases never change: nor does what differs between two. */
export const comparisonQuery = (from: number, to: number) =>
  queryOptions({
    queryKey: ['comparison', from, to],
    queryFn: ({ signal }) => request(releaseComparison, '/releases/compare', { query: { from, to }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What the runtimes would say of a release. Takes an operator. */
export const verdictQuery = (asked: z.input<typeof releaseCheckRequest>) =>
  queryOptions({
    queryKey: ['check', 'release', asked],
    queryFn: ({ signal }) => request(releaseVerdict, '/releases/check', { method: 'POST', body: asked, signal }),
    staleTime: 30_000,
    gcTime: 60_000,
  })

/** What a roll-back would do. Takes an operator. */
export const rollBackQuery = (n: number) =>
  queryOptions({
    queryKey: ['check', 'roll-back', n],
    queryFn: ({ signal }) => request(rollBackPreview, `/releases/${n}/roll-back`, { signal }),
    staleTime: 0,
    gcTime: 0,
  })

export function usePublish() {
  return useReleaseMutation((body: z.input<typeof publishRequest>) =>
    request(publishedRelease, '/releases', { method: 'POST', body }),
  )
}

export function useRollBack(n: number) {
  return useReleaseMutation((body: { summary: string; anyway: boolean }) =>
    request(publishedRelease, `/releases/${n}/roll-back`, { method: 'POST', body }),
  )
}

export function useRetry(n: number) {
  return useReleaseMutation(({ runtime, force }: { runtime: string; force: boolean }) =>
    request(wholeStudioRelease, `/releases/${n}/targets/${encodeURIComponent(runtime)}/retry`, {
      method: 'POST',
      body: { force },
    }),
  )
}

/** What would be taken over from a runtime, or from a file. Nothing is changed. */
export const adoptionQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['check', 'adoption', runtime],
    queryFn: ({ signal }) => request(importResult, adoptionPath(runtime), { ...dryRun(), signal }),
    staleTime: 0,
    gcTime: 0,
  })

export const importQuery = (document: Record<string, unknown>, replace: boolean) =>
  queryOptions({
    queryKey: ['check', 'import', document, replace],
    queryFn: ({ signal }) => request(importResult, '/import', { ...dryRun({ document, replace }), signal }),
    staleTime: 0,
    gcTime: 0,
  })

/** Other changes than were seen are a `version_conflict`, for taking over and for importing. */
export function useAdopt() {
  return useReleaseMutation(({ runtime, seen }: { runtime: string; seen: ImportResult }) =>
    request(importResult, adoptionPath(runtime), { method: 'POST', body: { replace: true, seen: versionsOf(seen) } }),
  )
}

export function useImport() {
  return useReleaseMutation(
    ({ seen, ...body }: { document: Record<string, unknown>; replace: boolean; reason: string; seen: ImportResult }) =>
      request(importResult, '/import', { method: 'POST', body: { ...body, seen: versionsOf(seen) } }),
  )
}

function versionsOf({ changes }: ImportResult) {
  return changes.map(({ kind, name, version }) => ({ kind, name, version }))
}

/** Items, changes and releases follow from each other. */
function useReleaseMutation<Body, Answer>(mutationFn: (body: Body) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSettled() {
      for (const key of ['releases', 'changes', 'items']) void client.invalidateQueries({ queryKey: [key] })
    },
  })
}

function pace(releases: readonly { targets: readonly Target[] }[] | undefined): number {
  const isWaiting = releases?.some(({ targets }) => targets.some(({ state }) => state === 'pending')) ?? false
  return isWaiting ? every.waiting : every.calm
}

function dryRun(body: object = { replace: true }) {
  return { method: 'POST', body: { ...body, dryRun: true } } as const
}

function adoptionPath(runtime: string): string {
  return `/runtimes/${encodeURIComponent(runtime)}/adopt`
}
