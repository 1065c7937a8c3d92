import { queryOptions } from '@tanstack/react-query'
import { logLine } from 'asyncv/schemas'
import { z } from 'zod'
import { request } from '../../api/request.ts'
import type { LogFilter } from './log-filter.ts'

/** What the runtime gives at once, at most. */
const mostAtOnce = 5_000

/** The last lines that fit, as far back as the runtime has them, its log file included. Those that come are `useTail`'s. */
export const earlierLinesQuery = (runtime: string, filter: LogFilter) =>
  queryOptions({
    queryKey: ['logs', runtime, filter],
    queryFn: ({ signal }) =>
      request(z.object({ data: z.array(logLine) }), logsOf(runtime), {
        query: { ...filter, limit: mostAtOnce },
        signal,
      }),
    staleTime: 60_000,
    gcTime: 60_000,
  })

export function logsOf(runtime: string): string {
  return `/runtimes/${encodeURIComponent(runtime)}/admin/v1/logs`
}
