import type { QueryClient } from '@tanstack/react-query'

/** What loaders are given: the cache that they fill and pages read. */
export interface RouterContext {
  client: QueryClient
}
