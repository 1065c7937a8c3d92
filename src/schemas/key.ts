import { z } from 'zod'

const scope = z.enum(['invoke', 'read', 'operate', 'configure'])
const moment = z.int().describe('ms since the epoch')

/** An API key, without its secret. */
export const apiKey = z
  .object({
    id: z.string().meta({ example: '0123456789abcdef' }),
    name: z.string(),
    space: z.string().describe('Callers of one space see nothing of another; `*` for every space'),
    scopes: z.array(scope),
    agents: z.array(z.string()).nullable().describe('The agents it may use and see; null for all'),
    createdAt: moment,
    expiresAt: moment.nullable(),
    revokedAt: moment.nullable(),
    lastUsedAt: moment.nullable().describe('To the minute'),
  })
  .meta({ id: 'ApiKey' })

export const keyRequest = z
  .strictObject({
    name: z.string().min(1).max(100),
    scopes: z.array(scope).min(1).optional().describe('Default: invoke and read'),
    space: z
      .string()
      .optional()
      .describe('`*` for every space, which only the operator key may make. Default: default'),
    agents: z.array(z.string()).min(1).optional(),
    expiresAt: moment.optional(),
  })
  .meta({ id: 'KeyRequest' })

/** A key as it is seen once, when it is made. */
export const keyMade = apiKey
  .extend({ key: z.string().meta({ example: 'avk_0123456789abcdef_…' }) })
  .meta({ id: 'KeyMade' })
