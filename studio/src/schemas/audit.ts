import { z } from 'zod'

/** One action, and its place in the chain. Hashes are SHA-256, hexadecimal. */
export const auditEntry = z.object({
  n: z.int().describe('1, 2, 3, …, without a gap'),
  at: z.int().describe('ms since the epoch'),
  actor: z.object({
    id: z.string().describe('Of the account; `studio` for what Studio did by itself'),
    name: z.string().describe('The login as it was then'),
  }),
  action: z.string(),
  target: z.string().describe('The id of what it was done to'),
  detail: z.string().nullable().describe('What changed, as canonical JSON; never a secret'),
  prevHash: z.string().describe('64 zeros for the first'),
  hash: z.string().describe('Of everything else here'),
})

export const auditPage = z.object({ data: z.array(auditEntry), nextCursor: z.string().nullable() })

/** Newest first. */
export const auditQuery = z.strictObject({
  action: z.string().optional(),
  actor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().min(1).optional().describe('As `nextCursor` of the page before'),
})

export const auditVerdict = z.object({
  whole: z.boolean(),
  head: z
    .object({ n: z.int(), hash: z.string() })
    .describe('The last good entry; noted elsewhere, it proves later that nothing was taken away'),
  fault: z.object({ n: z.int(), detail: z.string() }).nullable().describe('Where it is broken first'),
})
