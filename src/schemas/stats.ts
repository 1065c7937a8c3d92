import { z } from 'zod'

const count = z.int().min(0)

/** Counts of the runtime as a whole; those of what happened are since the start. */
export const stats = z
  .object({
    tasks: z.object({ queued: count, running: count }),
    deliveries: z.object({
      pending: count,
      sending: count,
      retrying: count,
      uncertain: count,
      held: count,
      dead: count,
    }),
    uncertainSends: count.describe('Sends of which nobody knows whether they arrived'),
    accepted: count.describe('Messages, repeats not counted'),
    sent: count.describe('Deliveries that arrived'),
    ended: z.object({ done: count, failed: count, cancelled: count }).describe('Tasks'),
    commits: z.object({ commits: count, riders: count }).describe('Commits, and the transactions they carried'),
  })
  .meta({ id: 'Stats' })
