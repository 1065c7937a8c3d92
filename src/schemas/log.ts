import { z } from 'zod'

/** From the least to the most urgent. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const

/** One line of the log. */
export const logLine = z
  .object({
    id: z
      .string()
      .nullable()
      .meta({ example: '9f3a61c0:812' })
      .describe('Where a reader goes on behind it (Last-Event-ID); null for a line that is in the log file alone'),
    at: z.int().describe('ms since the epoch'),
    level: z.enum(logLevels),
    message: z.string().meta({ example: 'task.finished' }),
    fields: z.record(z.string(), z.unknown()).describe('Such as task, session, requestId, traceId, connector, error'),
  })
  .meta({ id: 'LogLine' })

/** What a reader hears that was too slow, or away too long: lines between two that it got are kept no more. */
export const logGap = z.object({ missed: z.int().describe('How many lines') }).meta({ id: 'LogGap' })
