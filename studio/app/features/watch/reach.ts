import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { stats } from 'asyncv/schemas'
import { useEffect, useRef } from 'react'
import { ask } from './runtime-api.ts'

/** How often a runtime is asked whether it is there, ms. */
const everyMs = 5_000

/** Its counts, which also tell whether it answers. */
export const statsQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['watch', runtime, 'stats'],
    queryFn: ({ signal }) => ask(stats, runtime, '/v1/stats', { signal, timeoutMs: 8_000 }),
    staleTime: everyMs,
  })

/**
 * Why the runtime does not answer, or null while it does. When it is back, whatever any page holds of it is read again and
 * `onBack` is called.
 */
export function useReach(runtime: string, onBack: () => void): unknown {
  const client = useQueryClient()
  const { error } = useQuery({ ...statsQuery(runtime), refetchInterval: everyMs })
  const wasLost = useRef(false)
  const back = useRef(onBack)
  back.current = onBack
  useEffect(() => {
    if (error === null && wasLost.current) {
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(runtime) })
      back.current()
    }
    wasLost.current = error !== null
  }, [error, client, runtime])
  return error
}
