import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import {
  firstRunState,
  type firstRunRequest,
  type invitationRequest,
  type Me,
  me,
  type meRequest,
  type passwordRequest,
  type signInRequest,
} from '../../../src/schemas/account.ts'
import { command, request } from '../../api/request.ts'
import { wear } from '../../ui/theme.ts'
import { speak } from '../../words/language.ts'

/** Who is signed in. Its failure with 401 is how a page learns that nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => preferring(await request(me, '/me', { signal })),
  staleTime: 5 * 60_000,
})

export const firstRunQuery = queryOptions({
  queryKey: ['first-run'],
  queryFn: ({ signal }) => request(firstRunState, '/first-run', { signal }),
  staleTime: 0,
})

/** Each of these ends with somebody signed in. */
export function useSignIn() {
  return useEntering<z.input<typeof signInRequest>>('/sign-in')
}

export function useFirstRun() {
  return useEntering<z.input<typeof firstRunRequest>>('/first-run')
}

export function useInvitation() {
  return useEntering<z.input<typeof invitationRequest>>('/invitations')
}

function useEntering<Body>(path: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Body) => request(me, path, { method: 'POST', body }),
    onSuccess: (entered) => enter(client, entered),
  })
}

/** Nothing of who was here before is left in the cache. */
function enter(client: QueryClient, entered: Me): void {
  client.clear()
  client.setQueryData(meQuery.queryKey, preferring(entered))
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({ mutationFn: () => command('/sign-out'), onSuccess: () => client.clear() })
}

export function useChangeMe() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof meRequest>) => request(me, '/me', { method: 'PUT', body }),
    onSuccess: (changed) => client.setQueryData(meQuery.queryKey, preferring(changed)),
  })
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (body: z.input<typeof passwordRequest>) => command('/me/password', { method: 'PUT', body }),
  })
}

/** The page takes on the language and the looks that the account asks for. */
function preferring(answer: Me): Me {
  if (answer.user.language) speak(answer.user.language)
  if (answer.user.theme) wear(answer.user.theme)
  return answer
}
