import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { apiKey, keyMade, type keyRequest } from 'asyncv/schemas'
import { z } from 'zod'
import { request } from '../../api/request.ts'

export type ApiKey = z.output<typeof apiKey>
export type KeyRequest = z.input<typeof keyRequest>
export type Scope = ApiKey['scopes'][number]

/** More keys than these no person looks through; the newest come first. */
const mostPages = 10

const keyPage = z.object({ data: z.array(apiKey), nextCursor: z.string().nullable() })

/** The keys of a runtime, without their secrets, newest first. Takes an administrator. */
export const keysQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['runtime', runtime, 'keys'],
    async queryFn({ signal }): Promise<ApiKey[]> {
      const keys: ApiKey[] = []
      let cursor: string | undefined
      for (let page = 0; page < mostPages; page++) {
        const { data, nextCursor } = await request(keyPage, pathOf(runtime), { query: { limit: 500, cursor }, signal })
        keys.push(...data)
        if (nextCursor === null) break
        cursor = nextCursor
      }
      return keys
    },
  })

export function useCreateKey(runtime: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: KeyRequest) => request(keyMade, pathOf(runtime), { method: 'POST', body }),
    // The key would stay with the mutation for a while.
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery(runtime).queryKey }),
  })
}

export function useRevokeKey(runtime: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request(apiKey, `${pathOf(runtime)}/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery(runtime).queryKey }),
  })
}

function pathOf(runtime: string): string {
  return `/runtimes/${encodeURIComponent(runtime)}/admin/v1/keys`
}
