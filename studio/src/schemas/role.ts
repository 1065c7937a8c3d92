import { z } from 'zod'

/** From who may least to who may most: each may what those before it may. */
export const roles = ['viewer', 'editor', 'operator', 'admin'] as const

export const role = z.enum(roles)
export type Role = z.infer<typeof role>

/** Whether a role is good for what takes at least `least`. What is no role is good for nothing, and nothing is good for it. */
export function reaches(given: Role, least: Role): boolean {
  const needed = roles.indexOf(least)
  return needed >= 0 && roles.indexOf(given) >= needed
}
