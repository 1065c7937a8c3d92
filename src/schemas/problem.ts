import { z } from 'zod'

export const errorRecord = z.object({
  code: z.string().meta({ example: 'provider_denied' }),
  message: z.string(),
  hint: z.string().optional().describe('The way out, as a sentence'),
  retryable: z.boolean().optional().describe('Whether the same call may succeed later'),
  task: z.string().optional(),
})

/** `application/problem+json` (RFC 9457) with the code that programs branch on. */
export const problem = z
  .object({
    type: z.string().meta({ example: 'urn:asyncv:problem:agent_unknown' }),
    title: z.string().describe('What the code means').meta({ example: 'No agent has this name.' }),
    status: z.int().meta({ example: 404 }),
    detail: z.string().describe('What is wrong here').meta({ example: 'Unknown agent "suport".' }),
    code: z.string().describe('What programs branch on').meta({ example: 'agent_unknown' }),
    requestId: z.string().describe('Ties this answer to its line in the log'),
    hint: z.string().optional().describe('The way out').meta({ example: 'Known agents: support, sales.' }),
    task: z.string().optional().describe('The task that failed'),
    errors: z
      .array(z.object({ pointer: z.string().describe('A JSON pointer (RFC 6901)'), detail: z.string() }))
      .optional()
      .describe('Where the body is wrong'),
  })
  .meta({ id: 'Problem' })
