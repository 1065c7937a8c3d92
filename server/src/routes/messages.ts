import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AsyncvError, type Receipted, type SendInput } from 'asyncv'
import { messageAccepted, messageReply, messageRequest, streamEvent } from 'asyncv/schemas'
import { prefersAsync } from '../prefer.ts'
import { requestId } from '../request-id.ts'
import type { RouteParts } from '../route-parts.ts'
import { json, problems } from './responses.ts'

export function messageRoutes(
  app: OpenAPIHono,
  { callerOf, body: readBody, describe, streams, basePath }: RouteParts,
): void {
  app.openapi({ ...sendMessage, middleware: readBody }, async (c) => {
    const caller = callerOf(c)
    const { agent } = c.req.valid('param')
    const body = c.req.valid('json')
    const input = toInput(agent, body, c.req.header('idempotency-key'))
    const cancelOnAbort = body.onDisconnect === 'cancel'
    if (prefersAsync(c.req.header('prefer'))) {
      const accepted = await caller.accept(input)
      return c.json(toAccepted(accepted), 202, {
        ...whereIs(accepted, basePath),
        'Preference-Applied': 'respond-async',
      })
    }
    if (c.req.header('accept')?.includes('text/event-stream')) {
      const events = (signal: AbortSignal) => caller.stream(input, { signal, cancelOnAbort })
      const head = { 'X-Request-Id': requestId(c) }
      return streams.events(events, (error) => describe(error, c), head) as never // a stream is no typed answer
    }
    let accepted: Receipted | undefined
    try {
      const onAccepted = (receipted: Receipted): void => void (accepted = receipted)
      const { task, session, message, text, parts, usage } = await caller.send(input, {
        onAccepted,
        signal: c.req.raw.signal,
        cancelOnAbort,
      })
      return c.json({ task, session, message, reply: { text, parts }, usage }, 200)
    } catch (error) {
      if (!(error instanceof AsyncvError) || error.code !== 'reply_timeout' || accepted === undefined) throw error
      return c.json(toAccepted(accepted), 202, whereIs(accepted, basePath))
    }
  })
}

const sendMessage = createRoute({
  operationId: 'sendMessage',
  tags: ['Messages'],
  method: 'post',
  path: '/v1/agents/{agent}/messages',
  summary: 'Send a message to an agent',
  description: [
    'Answers with the reply. With `Accept: text/event-stream` it streams what happens, with `Prefer: respond-async` it',
    'answers as soon as the message is on disk. A repeat with the same `Idempotency-Key` joins the task in flight or gets',
    'its answer. A client that leaves does not cancel the task, unless it said `"onDisconnect": "cancel"`.',
  ].join(' '),
  // Described only: to have a header validated, all headers of each request would be copied, and the core checks this one.
  parameters: [
    {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'Makes it safe to repeat the request',
      schema: { type: 'string', minLength: 1, maxLength: 200 },
    },
    { name: 'Prefer', in: 'header', description: '`respond-async` (RFC 7240)', schema: { type: 'string' } },
  ],
  request: {
    params: z.object({ agent: z.string() }),
    body: { required: true, content: { 'application/json': { schema: messageRequest } } },
  },
  responses: {
    200: {
      description: 'The reply; or what happens, each `data` an event and the last one the reply or an `error`',
      content: { 'application/json': { schema: messageReply }, 'text/event-stream': { schema: streamEvent } },
    },
    202: json(messageAccepted, 'On disk; the answer is not there yet'),
    ...problems,
  },
})

function toInput(agent: string, body: z.infer<typeof messageRequest>, key: string | undefined): SendInput {
  const { session, text, parts, whenBusy, metadata } = body
  return {
    agent,
    ...(session === undefined ? {} : { session }),
    ...(text === undefined ? {} : { text }),
    ...(parts === undefined ? {} : { parts }),
    ...(whenBusy === undefined ? {} : { whenBusy }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  }
}

function toAccepted({ task, session, message }: Receipted): z.infer<typeof messageAccepted> {
  return { task, session, message }
}

/** Where the answer will be. A path from the service's root, wherever that is mounted. */
function whereIs({ task }: Receipted, basePath: string): { Location: string } {
  return { Location: `${basePath}/v1/tasks/${task}` }
}
