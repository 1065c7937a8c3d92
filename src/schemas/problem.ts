import { z } from 'zod'

export const errorRecord = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  retryable: z.boolean().optional(),
  task: z.string().optional(),
})

/** `application/problem+json` (RFC 9457) with the code that programs branch on. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
  hint: z.string().optional(),
  task: z.string().optional(),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string() }))
    .optional()
    .describe('Where the body is wrong'),
})
