import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { type Asyncv, AsyncvError, type SendInput } from 'asyncv'
import { messageAccepted, messageReply, messageRequest } from 'asyncv/schemas'
import { eventStream } from '../event-stream.ts'
import { problemBody, toProblem } from '../problem.ts'
import { json, problems } from './responses.ts'

const sendMessage = createRoute({
  method: 'post',
  path: '/v1/agents/{agent}/messages',
  summary: 'Send a message to an agent',
  description: [
    'Answers with the reply. With `Accept: text/event-stream` it streams what happens, with `Prefer: respond-async` it',
    'answers as soon as the message is on disk. A repeat with the same `Idempotency-Key` joins the task in flight or gets',
    'its answer. A client that leaves does not cancel the task.',
  ].join(' '),
  request: {
    params: z.object({ agent: z.string() }),
    headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
    body: { required: true, content: { 'application/json': { schema: messageRequest } } },
  },
  responses: {
    200: {
      description: 'The reply',
      content: { 'application/json': { schema: messageReply }, 'text/event-stream': { schema: z.string() } },
    },
    202: json(messageAccepted, 'Accepted; the answer is not there yet'),
    ...problems,
  },
})

export function messageRoutes(app: OpenAPIHono, asyncv: Asyncv): void {
  app.openapi(sendMessage, async (c) => {
    const { agent } = c.req.valid('param')
    const key = c.req.valid('header')['idempotency-key']
    const input = toInput(agent, c.req.valid('json'), key)

    if (prefersAsync(c.req.header('prefer'))) {
      const { task, session, message } = await asyncv.accept(input)
      return c.json({ task, session, message }, 202, {
        Location: `/v1/tasks/${task}`,
        'Preference-Applied': 'respond-async',
      })
    }
    if (c.req.header('accept')?.includes('text/event-stream')) {
      return eventStream(asyncv.stream(input), (error) => problemBody(toProblem(error))) as never
    }
    try {
      const { task, session, message, text, parts, usage } = await asyncv.send(input)
      return c.json({ task, session, message, reply: { text, parts }, usage }, 200)
    } catch (error) {
      if (!(error instanceof AsyncvError) || error.code !== 'reply_timeout' || error.task === undefined) throw error
      return c.json({ task: error.task }, 202, { Location: `/v1/tasks/${error.task}` })
    }
  })
}

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

/** RFC 7240. */
function prefersAsync(prefer: string | undefined): boolean {
  return prefer?.split(',').some((preference) => preference.trim().toLowerCase().startsWith('respond-async')) ?? false
}
