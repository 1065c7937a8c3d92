import type { QueryClient, QueryKey } from '@tanstack/react-query'

/** Of what the page shows, the pages of the longest list; 1 where there is none. */
export function pagesShown(client: QueryClient, keys: readonly QueryKey[]): number {
  const shown = keys.flatMap((queryKey) => client.getQueryCache().findAll({ queryKey, type: 'active' }))
  return Math.max(1, ...shown.map(({ state }) => (state.data as { pages?: unknown[] } | undefined)?.pages?.length ?? 1))
}
