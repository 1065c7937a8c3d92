import { z } from 'zod'
import { textPart, usage } from './message.ts'
import { errorRecord } from './problem.ts'

export const task = z.object({
  id: z.string(),
  session: z.string(),
  agent: z.string(),
  state: z.enum(['queued', 'running', 'absorbed', 'done', 'failed', 'cancelled']),
  into: z.string().nullable().describe('The task that answers in its place, when absorbed'),
  attempt: z.int(),
  crashes: z.int(),
  reply: z.array(textPart).nullable(),
  error: errorRecord.nullable(),
  usage,
  createdAt: z.int().describe('ms since the epoch'),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
})

export const timelineEntry = z.object({
  at: z.int(),
  what: z.string(),
  text: z.string(),
  subject: z.string(),
})

/** "Where is my message?" */
export const timeline = z.object({
  message: z.looseObject({ id: z.string() }),
  dedupe: z.looseObject({ scope: z.string(), key: z.string() }).nullable(),
  tasks: z.array(task),
  steps: z.array(z.looseObject({ n: z.int() })),
  deliveries: z.array(z.looseObject({ id: z.string(), state: z.string() })),
  entries: z.array(timelineEntry),
})
