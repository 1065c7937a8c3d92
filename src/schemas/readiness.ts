import { z } from 'zod'

/** Whether messages are taken in, part by part. A platform that is away is a part that is not `ok`; the rest works on. */
export const readiness = z
  .object({
    ready: z.boolean(),
    checks: z.array(
      z.object({ name: z.string().meta({ example: 'storage' }), ok: z.boolean(), detail: z.string().optional() }),
    ),
  })
  .meta({ id: 'Readiness' })
