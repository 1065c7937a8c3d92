import { z } from 'zod'
import { errorRecord } from './problem.ts'

/** What `GET /v1/events` tells of. */
export const recordedEvent = z
  .object({
    id: z.int().min(1).describe('Send it as Last-Event-ID to go on behind it'),
    type: z.enum([
      'message.received',
      'command.carried-out',
      'task.requeued',
      'task.absorbed',
      'task.finished',
      'task.failed',
      'task.cancelled',
      'delivery.sent',
      'delivery.uncertain',
      'delivery.dead',
      'delivery.discarded',
    ]),
    at: z.int().describe('ms since the epoch'),
    message: z.string().nullable(),
    task: z.string().nullable(),
    delivery: z.string().nullable(),
    session: z.string().nullable(),
    agent: z.string().nullable(),
    destination: z.string().nullable().describe('Where a delivery goes'),
    into: z.string().nullable().describe('The task that answers instead of one that was absorbed'),
    error: errorRecord.nullable(),
  })
  .meta({ id: 'RecordedEvent' })
