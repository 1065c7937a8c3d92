import { z } from 'zod'

/** Whether there is no account yet, so that the one-time link makes the first one. */
export const firstRunState = z.object({ open: z.boolean() })
