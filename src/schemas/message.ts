import { z } from 'zod'

export const textPart = z.strictObject({
  type: z.literal('text'),
  text: z.string().max(1_000_000),
})

/** Body of `POST /v1/agents/{agent}/messages`. */
export const messageRequest = z.strictObject({
  session: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('The caller’s own id of the conversation; without it a new one begins'),
  text: z.string().max(1_000_000).optional().describe('The message; give this or parts'),
  parts: z.array(textPart).min(1).max(100).optional(),
  whenBusy: z.enum(['queue', 'steer']).optional().describe('What to do when the session is busy; default queue'),
  metadata: z.record(z.string(), z.unknown()).optional().describe('Handed to tools and instructions'),
})

export const usage = z.object({ inputTokens: z.int().min(0), outputTokens: z.int().min(0) })

/** The answer to a message. `reply` means computed. */
export const messageReply = z.object({
  task: z.string(),
  session: z.string().describe('Pass it as session to go on with this conversation'),
  message: z.string(),
  reply: z.object({ text: z.string(), parts: z.array(textPart) }),
  usage,
})

/** The message is on disk, and its answer is not there yet. */
export const messageAccepted = z.object({
  task: z.string().describe('Look at /v1/tasks/{task}'),
  session: z.string().optional(),
  message: z.string().optional(),
})
