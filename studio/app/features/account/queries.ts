import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import {
  type Entered,
  entered,
  firstRunState,
  type firstRunRequest,
  type invitationRequest,
  type Me,
  me,
  type meRequest,
  type passwordRequest,
  type signInRequest,
} from '../../../src/schemas/account.ts'
import { forgetEntry, keepEntry, knownDevice } from '../../api/credential.ts'
import { command, request } from '../../api/request.ts'
import { keepDraftsOf } from '../../ui/draft.ts'
import { wear } from '../../ui/theme.ts'
import { speak } from '../../words/language.ts'
import { leaveAccount, showAccount } from './one-account.ts'

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
  return useEntering((given: z.input<typeof signInRequest>) => {
    const device = knownDevice()
    return request(entered, '/sign-in', { method: 'POST', body: device === undefined ? given : { ...given, device } })
  })
}

export function useFirstRun() {
  return useEntering((body: z.input<typeof firstRunRequest>) =>
    request(entered, '/first-run', { method: 'POST', body }),
  )
}

export function useInvitation() {
  return useEntering((body: z.input<typeof invitationRequest>) =>
    request(entered, '/invitations', { method: 'POST', body }),
  )
}

function useEntering<Body>(mutationFn: (body: Body) => Promise<Entered>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    // The token would stay with the mutation for a while.
    gcTime: 0,
    onSuccess: (answer) => enter(client, answer),
  })
}

/** Nothing of who was here before is left in the cache. */
function enter(client: QueryClient, { user, entry }: Entered): void {
  keepEntry(entry)
  leaveAccount()
  client.clear()
  client.setQueryData(meQuery.queryKey, preferring({ user }))
}

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => command('/sign-out'),
    onSuccess() {
      forgetEntry()
      leaveAccount()
      client.clear()
    },
  })
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
    mutationFn: (body: z.input<typeof passwordRequest>) => request(entered, '/me/password', { method: 'PUT', body }),
    gcTime: 0,
    // All sessions have ended with the old one; this is a new one.
    onSuccess: ({ entry }) => keepEntry(entry),
  })
}

/** The page takes on the language and the looks that the account asks for, and what it typed before. */
function preferring(answer: Me): Me {
  showAccount(answer.user.id)
  keepDraftsOf(answer.user.id)
  if (answer.user.language) speak(answer.user.language)
  if (answer.user.theme) wear(answer.user.theme)
  return answer
}
