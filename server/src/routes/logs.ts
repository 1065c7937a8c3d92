import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { logGap, logLevels, logLine } from 'asyncv/schemas'
import { type EventStreams, toFrame } from '../event-stream.ts'
import { type LogBook, lineId } from '../logs/log-book.ts'
import { readLogFile } from '../logs/log-file.ts'
import { filterOf, type LogFilter, type LogLine } from '../logs/log-line.ts'
import { Problem } from '../problem.ts'
import type { Describe } from '../problems.ts'
import { requestId } from '../request-id.ts'
import { openedBy } from '../opened-by.ts'
import type { ManagerOf } from '../service/identify-manager.ts'
import { json, problems } from './responses.ts'

export interface LogParts {
  managerOf: ManagerOf
  /** Null where nobody keeps lines. */
  logs: LogBook | null
  streams: EventStreams
  describe: Describe
}

/** `/admin/v1/logs`: the last lines of the log, or, as an event stream, those and what comes. */
export function logRoutes(app: OpenAPIHono, { managerOf, logs, streams, describe }: LogParts): void {
  app.openapi(readLogs, async (c) => {
    const { limit, after, ...query } = c.req.valid('query')
    const filter = filterOf(query)
    const book = logs ?? missing()
    if (c.req.header('accept')?.includes('text/event-stream') !== true) {
      return c.json({ data: await lastLines(book, filter, Number(limit ?? 200)) }, 200)
    }
    const manager = managerOf(c)
    const place = placeOf(c.req.header('last-event-id') ?? after)
    async function* frames(left: AbortSignal): AsyncGenerator<string> {
      // Tells the reader that it is heard, before anything is written.
      yield ': from here on\n\n'
      const following = { ...filter, last: Number(limit ?? 0), ...(place === null ? {} : { after: place }) }
      const lines = manager.follow(left, (signal) => book.follow({ ...following, signal }))
      for await (const line of lines) yield frameOf(line)
    }
    return streams.frames(
      frames,
      (error) => toFrame('error', describe(error, c)),
      () => ({ 'X-Request-Id': requestId(c) }),
    ) as never // a stream is no typed answer
  })
}

/** From the file as well where the book does not reach as far back as is asked. */
async function lastLines(book: LogBook, filter: LogFilter, limit: number): Promise<LogLine[]> {
  const kept = book.read(filter, limit)
  const before = book.since ?? Number.POSITIVE_INFINITY
  if (book.file === null || kept.length === limit || before <= (filter.since ?? 0)) return kept
  return [...(await readLogFile(book.file, filter, { before, limit: limit - kept.length })), ...kept]
}

function frameOf(line: LogLine | { missed: number }): string {
  if ('missed' in line) return toFrame('log.gap', line)
  return `id: ${line.id}\n${toFrame('log.line', line)}`
}

function placeOf(id: string | undefined): string | null {
  if (id === undefined || id === '') return null
  if (lineId.test(id)) return id
  throw new Problem('input_invalid', `Last-Event-ID is ${JSON.stringify(id.slice(0, 80))}.`, {
    hint: 'Send the id of the last line as it was given, or none to begin now.',
  })
}

function missing(): never {
  throw new Problem('logs_off', 'This service keeps no lines of its log.', {
    hint: 'Pass logs: new LogBook() to createServer, and let pino write to it; "asyncv start" does so.',
  })
}

const id = z.string().min(1).max(200).optional()

const query = z.strictObject({
  level: z.enum(logLevels).optional().describe('Lines of this level and of more urgent ones'),
  since: z
    .string()
    .refine((text) => /^\d{1,15}$/.test(text) || !Number.isNaN(Date.parse(text)), 'give ms since the epoch, or a time')
    .optional()
    .describe('ms since the epoch, or a time such as 2026-01-31T12:00:00Z'),
  text: z.string().min(1).max(500).optional().describe('Anywhere in a line, whatever its case'),
  task: id,
  session: id,
  request: id.describe('The id of a request, as X-Request-Id says it'),
  trace: id.describe('The id of a trace'),
  connector: id,
  limit: z
    .string()
    .regex(/^(?:[1-9]\d{0,2}|[1-4]\d{3}|5000)$/, 'give a whole number from 1 to 5000')
    .optional()
    .describe('How many: by default 200; of a stream, how many come before it goes on, by default none'),
  after: z.string().max(80).optional().describe('Like Last-Event-ID, for who cannot send it'),
})

const readLogs = createRoute({
  method: 'get',
  path: '/admin/v1/logs',
  security: openedBy('operate'),
  summary: 'The last lines of the log, oldest first; with `Accept: text/event-stream` those that come, too',
  request: { query },
  responses: {
    200: {
      description: 'Lines. In a stream each `log.line` is one, and a `log.gap` says how many are kept no more',
      content: {
        ...json(z.object({ data: z.array(logLine) }), '').content,
        'text/event-stream': { schema: z.union([logLine, logGap]) },
      },
    },
    ...problems,
  },
})
