import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { recordedEvent } from 'asyncv/schemas'
import { toFrame } from '../event-stream.ts'
import { Problem } from '../problem.ts'
import { requestId } from '../request-id.ts'
import type { RouteParts } from '../route-parts.ts'
import { problems } from './responses.ts'

/** What happens, for readers that come back: a browser's `EventSource` does by itself, with the last id it saw. */
export function eventRoutes(app: OpenAPIHono, { callerOf, describe, streams }: RouteParts): void {
  app.openapi(followEvents, async (c) => {
    const caller = callerOf(c)
    const { after } = c.req.valid('query')
    const place = placeOf(c.req.header('last-event-id')) ?? (after === undefined ? undefined : Number(after))
    async function* frames(signal: AbortSignal): AsyncGenerator<string> {
      const events = await caller.events({ signal, ...(place === undefined ? {} : { after: place }) })
      // Tells the reader that it is heard, before anything happens.
      yield ': from here on\n\n'
      for await (const event of events) yield toFrame(event.type, event, event.id)
    }
    return streams.frames(
      frames,
      (error) => toFrame('error', describe(error, c)),
      () => ({ 'X-Request-Id': requestId(c) }),
    ) as never // a stream is no typed answer
  })
}

/** HTML standard, "Server-sent events": what the browser sends when it comes back. */
function placeOf(lastEventId: string | undefined): number | undefined {
  if (lastEventId === undefined || lastEventId === '') return undefined
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId)
  throw new Problem('input_invalid', `Last-Event-ID is ${JSON.stringify(lastEventId.slice(0, 80))}.`, {
    hint: 'Send the id of the last event as it was given, or none to begin now.',
  })
}

const followEvents = createRoute({
  operationId: 'followEvents',
  tags: ['Events'],
  method: 'get',
  path: '/v1/events',
  summary: 'Follow what happens',
  description: [
    'A stream of what happened, in the order in which it was committed. With `Last-Event-ID` it goes on behind that event,',
    'with none missing and none repeated, also after a crash; without, it begins now. 410 when events behind it are kept',
    'no more.',
  ].join(' '),
  parameters: [
    { name: 'Last-Event-ID', in: 'header', description: 'The last event that was seen', schema: { type: 'string' } },
  ],
  request: {
    query: z.strictObject({
      after: z
        .string()
        .regex(/^\d{1,15}$/, 'give the id of an event, or 0 for the oldest that is kept')
        .optional()
        .describe('Like Last-Event-ID, for who cannot send it'),
    }),
  },
  responses: {
    200: { description: 'Each `data` is an event', content: { 'text/event-stream': { schema: recordedEvent } } },
    ...problems,
  },
})
