import { MutationCache, notifyManager, QueryCache, QueryClient } from '@tanstack/react-query'
import { Problem } from './problem.ts'

/**
 * The one cache. A query is fresh for 10 s, and keeps what it had when it cannot be asked again. What failed
 * is not asked for again by itself; what is on the page is, when a lost connection is back. `onSignedOut` hears of a 401 from wherever it comes.
 */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const heard = (error: unknown): void => {
    if (error instanceof Problem && error.code === 'unauthenticated') onSignedOut()
  }
  // At the end of the click that began it, and not a moment later: the second click of two finds the button at work.
  notifyManager.setScheduler(queueMicrotask)
  return new QueryClient({
    queryCache: new QueryCache({ onError: heard }),
    mutationCache: new MutationCache({ onError: heard }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        gcTime: 10 * 60_000,
        retry: false,
        // A first load tells at once that nobody answers; what is on the page already is kept, and asked again later.
        networkMode: 'always',
        refetchOnReconnect: true,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
