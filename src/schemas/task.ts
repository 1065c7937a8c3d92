import { z } from 'zod'
import { textPart, usage } from './message.ts'
import { errorRecord } from './problem.ts'

const moment = z.int().describe('ms since the epoch').meta({ example: 1_750_000_000_000 })

export const taskState = z.enum(['queued', 'running', 'absorbed', 'done', 'failed', 'cancelled'])

/** The unit of work: an agent answering what came in. */
export const task = z
  .object({
    id: z.string(),
    session: z.string(),
    agent: z.string().meta({ example: 'support' }),
    space: z.string(),
    state: taskState,
    into: z.string().nullable().describe('The task that answers in its place, when absorbed'),
    attempt: z.int().describe('How often it was started'),
    crashes: z.int().describe('Deaths of the process while this task ran alone; three fail it'),
    reply: z.array(textPart).nullable().describe('The answer, once done'),
    error: errorRecord.nullable(),
    usage,
    createdAt: moment,
    startedAt: moment.nullable(),
    endedAt: moment.nullable(),
  })
  .meta({ id: 'Task' })

export const timelineEntry = z.object({
  at: moment,
  what: z.string().meta({ example: 'task.started' }),
  text: z.string().describe('A sentence for people'),
  subject: z.string().describe('The id of the message, task or delivery it speaks of'),
})

/** "Where is my message?" */
export const timeline = z
  .object({
    message: z.looseObject({ id: z.string() }),
    dedupe: z.looseObject({ scope: z.string(), key: z.string() }).nullable(),
    tasks: z.array(task).describe('Its own and, when that was absorbed, the one that answers'),
    steps: z.array(z.looseObject({ n: z.int() })).describe('What the tasks did, journaled'),
    deliveries: z.array(z.looseObject({ id: z.string(), state: z.string() })),
    entries: z.array(timelineEntry).describe('What happened, in order'),
  })
  .meta({ id: 'Timeline' })
