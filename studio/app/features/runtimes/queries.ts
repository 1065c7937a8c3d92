import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import {
  identity,
  runtime,
  type runtimeChange,
  runtimeCheck,
  runtimeList,
  type runtimeRequest,
} from '../../../src/schemas/runtime.ts'
import { command, request } from '../../api/request.ts'

export type Identity = z.output<typeof identity>

/** The runtimes that this Studio is connected to; never their keys. */
export const runtimesQuery = queryOptions({
  queryKey: ['runtimes'],
  queryFn: ({ signal }) => request(runtimeList, '/runtimes', { signal }),
})

/** Who this Studio is to a runtime. */
export const identityQuery = queryOptions({
  queryKey: ['identity'],
  queryFn: ({ signal }) => request(identity, '/identity', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

/** Whether a runtime answers, and whether it takes releases of this Studio. Asks the runtime each time. */
export const runtimeCheckQuery = (id: string) =>
  queryOptions({
    queryKey: ['runtimes', id, 'check'],
    queryFn: ({ signal }) =>
      request(runtimeCheck, `/runtimes/${encodeURIComponent(id)}/check`, { method: 'POST', signal }),
    staleTime: 60_000,
  })

/** The key is left out where it stays as it is, which it cannot when an address changes. */
export type RuntimeRequest = z.input<typeof runtimeRequest> | z.input<typeof runtimeChange>

/** Connects a new one, or changes `id`. */
export function useSaveRuntime(id: string | null) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: RuntimeRequest) =>
      id === null
        ? request(runtime, '/runtimes', { method: 'POST', body })
        : request(runtime, `/runtimes/${encodeURIComponent(id)}`, { method: 'PUT', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: runtimesQuery.queryKey }),
  })
}

export function useDisconnectRuntime() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => command(`/runtimes/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: runtimesQuery.queryKey }),
  })
}
