import { z } from '@hono/zod-openapi'
import type { PageRequest } from 'asyncv'
import type { ZodType } from 'zod'

/** How a page of a list is asked for. The runtime itself says which cursor is none. */
export const pageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'give a whole number from 1 to 500')
    .optional()
    .describe('1 to 500, default 50'),
  cursor: z.string().optional().describe('The nextCursor of the page before'),
  order: z.enum(['newest', 'oldest']).optional().describe('Default: oldest for messages, else newest'),
})

export function pageOf<Item extends ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    nextCursor: z.string().nullable().describe('Pass it as cursor to get what follows; null at the end'),
  })
}

export function toPageRequest({ limit, cursor, order }: z.infer<typeof pageQuery>): PageRequest {
  return {
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(order === undefined ? {} : { order }),
  }
}
