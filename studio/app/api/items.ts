import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type Item,
  item,
  type ItemKind,
  itemList,
  type ItemReference,
  itemRenamed,
  itemVersionList,
  itemVersionWithContent,
  itemWithUses,
  versionDifference,
} from '../../src/schemas/item.ts'
import { itemCheck } from '../../src/schemas/item-change.ts'
import type { Content } from './content.ts'
import { request } from './request.ts'

/** What several features read and write: agents, routes, connectors and model services are all items. */

export interface ItemSearch {
  search?: string | undefined
  /** Those that were deleted, instead of those that are there. */
  deleted?: boolean | undefined
}

export const itemsQuery = (kind: ItemKind, { search = '', deleted = false }: ItemSearch = {}) =>
  queryOptions({
    queryKey: ['items', kind, 'list', search, deleted],
    queryFn: ({ signal }) => request(itemList, '/items', { query: { kind, search, deleted }, signal }),
  })

/** One, with what names it. Also one that was deleted. */
export const itemQuery = (reference: ItemReference) =>
  queryOptions({
    queryKey: ['items', reference.kind, 'one', reference.name],
    queryFn: ({ signal }) => request(itemWithUses, pathOf(reference), { signal }),
  })

export const versionsQuery = (reference: ItemReference) =>
  queryOptions({
    queryKey: ['items', reference.kind, 'one', reference.name, 'versions'],
    queryFn: ({ signal }) => request(itemVersionList, `${pathOf(reference)}/versions`, { signal }),
  })

/** A version never changes. */
export const versionQuery = (reference: ItemReference, n: number) =>
  queryOptions({
    queryKey: ['versions', reference.kind, reference.name, n],
    queryFn: ({ signal }) => request(itemVersionWithContent, `${pathOf(reference)}/versions/${n}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const versionDifferenceQuery = (reference: ItemReference, from: number, to: number) =>
  queryOptions({
    queryKey: ['versions', reference.kind, reference.name, from, to],
    queryFn: ({ signal }) =>
      request(versionDifference, `${pathOf(reference)}/difference`, { query: { from, to }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What a release with this content in the place of what is saved would be refused for. Takes an editor. */
export const checkQuery = ({ kind, name }: ItemReference, content: Content, runtime: string | undefined) =>
  queryOptions({
    queryKey: ['check', kind, name, runtime, content],
    queryFn: ({ signal }) =>
      request(itemCheck, '/items/check', {
        method: 'POST',
        body: { changes: [{ kind, name, content }], ...(runtime === undefined ? {} : { runtime }) },
        signal,
      }),
    staleTime: 30_000,
    gcTime: 60_000,
    // Where no runtime was reached, one may be by now.
    refetchInterval: ({ state }) => (state.data?.checkedBy === 'schema' ? 10_000 : false),
  })

export interface Reasoned {
  reason?: string | null
}

export function useCreateItem() {
  return useItemMutation((body: ItemReference & Reasoned & { content: Content }) =>
    request(item, '/items', { method: 'POST', body }),
  )
}

/** Another base than the version that is there now is a `version_conflict`. */
export function useSaveItem(reference: ItemReference) {
  const client = useQueryClient()
  return useItemMutation(async (body: Reasoned & { base: number; content: Content }) => {
    const saved: Item = await request(item, pathOf(reference), { method: 'PUT', body })
    // The page shows what is saved from the moment in which nothing is typed any more.
    client.setQueryData(itemQuery(reference).queryKey, (old) => old && { ...old, ...saved })
    return saved
  })
}

export function useDeleteItem() {
  return useItemMutation(({ base, ...reference }: ItemReference & { base: number }) =>
    request(itemWithUses, pathOf(reference), { method: 'DELETE', query: { base } }),
  )
}

/** Brings back what was deleted, or an earlier version as a new one. */
export function useRestoreItem() {
  return useItemMutation(({ kind, name, ...body }: ItemReference & Reasoned & { version?: number; base?: number }) =>
    request(item, `${pathOf({ kind, name })}/restore`, { method: 'POST', body }),
  )
}

/** What names it takes the new name along. */
export function useRenameItem(reference: ItemReference) {
  return useItemMutation((body: Reasoned & { base: number; name: string }) =>
    request(itemRenamed, `${pathOf(reference)}/rename`, { method: 'POST', body }),
  )
}

/** What one item says is in lists, in what names it, and in what would be published. */
function useItemMutation<Body, Answer>(mutationFn: (body: Body) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    // Nobody waits for it: what was done is said while its row is still in the list.
    onSettled() {
      for (const key of ['items', 'changes', 'check']) void client.invalidateQueries({ queryKey: [key] })
    },
  })
}

function pathOf({ kind, name }: ItemReference): string {
  return `/items/${kind}/${encodeURIComponent(name)}`
}
