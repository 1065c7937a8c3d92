import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { invitation, user, type userChange, userList, type userRequest } from '../../../src/schemas/account.ts'
import { command, request } from '../../api/request.ts'

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => request(userList, '/users', { signal }),
})

/** Makes the account, and the link with which its owner sets a password. */
export function useInviteUser() {
  const client = useQueryClient()
  return useMutation({
    async mutationFn(body: z.input<typeof userRequest>) {
      const made = await request(user, '/users', { method: 'POST', body })
      return { user: made, ...(await invite(made.id)) }
    },
    onSettled: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
  })
}

/** Another link for an account that is there; the one before is not good any more. */
export function useNewInvitation() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: invite,
    onSuccess: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
  })
}

function invite(id: string) {
  return request(invitation, `/users/${encodeURIComponent(id)}/invitation`, { method: 'POST' })
}

export function useChangeUser() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string } & z.input<typeof userChange>) =>
      request(user, `/users/${encodeURIComponent(id)}`, { method: 'PUT', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
  })
}

export function useDeleteUser() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => command(`/users/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
  })
}
