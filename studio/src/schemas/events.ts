import { z } from 'zod'

const kind = z.enum(['agent', 'route', 'connector', 'provider'])

/** What `GET /api/events` tells, each under its type as the name of the event. They say what to ask for, not what it is. */
export const studioEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('item.saved'), kind, name: z.string(), version: z.int() }),
  z.object({ type: z.literal('release.published'), release: z.int() }),
  z.object({
    type: z.literal('target.changed'),
    release: z.int(),
    runtime: z.string(),
    state: z.enum(['pending', 'applied', 'refused', 'drifted', 'superseded']),
  }),
  z.object({ type: z.literal('runtime.changed'), runtime: z.string(), reachable: z.boolean() }),
  z.object({ type: z.literal('events.missed').describe('More happened than was read: ask for everything anew') }),
])
