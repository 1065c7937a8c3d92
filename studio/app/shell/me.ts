import { useSuspenseQuery } from '@tanstack/react-query'
import { reaches, type Role } from '../../src/schemas/role.ts'
import { meQuery } from '../features/account/queries.ts'

/** Who is signed in; for what is drawn inside the shell. */
export function useMe() {
  return useSuspenseQuery(meQuery).data.user
}

/** Whether the role of who is signed in is good for what takes `least`. The service decides again. */
export function useMay(least: Role): boolean {
  return reaches(useMe().role, least)
}
