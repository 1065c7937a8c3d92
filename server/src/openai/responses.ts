import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { AsyncvError, type SendInput, type Task } from 'asyncv'
import type { Context } from 'hono'
import { Problem } from '../problem.ts'
import { requestId } from '../request-id.ts'
import type { RouteParts } from '../route-parts.ts'
import { json, problems } from '../routes/responses.ts'
import type { Caller } from '../service/caller.ts'
import { ResponseEvents } from './response-events.ts'
import { responseId, responseObject, responseOf, taskOf } from './response-object.ts'
import { type ResponseRequest, responseRequest, toResponseInput } from './response-request.ts'
import { headOf, leaving, sessionIn } from './session-head.ts'
import { Spoken } from './spoken.ts'

export function responseRoutes(app: OpenAPIHono, { callerOf, body, describe, streams }: RouteParts): void {
  app.openapi({ ...createResponse, middleware: body }, async (c) => {
    const caller = callerOf(c)
    const request = c.req.valid('json')
    const { session, space } = await conversationBefore(request, sessionIn(c.req.header('x-asyncv-session')), caller)
    const asked = toResponseInput(request, { session, key: c.req.header('idempotency-key') })
    const input = space === undefined ? asked : { ...asked, space }
    const previous = request.previous_response_id ?? null
    if (request.stream === true) return streamed(c, caller, input, { previous, describe, streams }) as never
    const createdAt = Date.now()
    if (request.background === true) {
      const accepted = await caller.accept(input)
      const known = { task: accepted.task, agent: input.agent, createdAt, previous }
      return c.json(responseObject({ ...known, status: 'queued' }), 200, headOf(accepted))
    }
    const reply = await caller.send(input, leaving(input, c.req.raw.signal))
    const { task, text, usage } = reply
    const known = { task, agent: input.agent, createdAt, previous, text, usage }
    return c.json(responseObject({ ...known, status: 'completed' }), 200, headOf(reply))
  })
  app.openapi(getResponse, async (c) => {
    const caller = callerOf(c)
    const task = await known<Task>(c.req.valid('param').id, (id) => caller.task(id))
    return c.json(responseOf(task, await caller.answering(task)), 200)
  })
  app.openapi(cancelResponse, async (c) => {
    const caller = callerOf(c)
    const task = await known<Task>(c.req.valid('param').id, (id) => caller.cancel(id))
    return c.json(responseOf(task, await caller.answering(task)), 200)
  })
}

/** The conversation that the request goes on with; that of a response in its space, since the operator's key has none. */
async function conversationBefore(
  { previous_response_id: previous, model }: ResponseRequest,
  given: string | undefined,
  caller: Caller,
): Promise<{ session?: string | undefined; space?: string }> {
  if (previous == null) return { session: given }
  if (given !== undefined) {
    throw new Problem('input_invalid', '/previous_response_id: X-Asyncv-Session names a conversation already.', {
      hint: 'Send one of the two.',
      errors: [{ pointer: '/previous_response_id', detail: 'not beside X-Asyncv-Session' }],
    })
  }
  const { session, space, agent } = await known(previous, (task) => caller.conversationOf(task)).catch(
    (error: unknown) => {
      // As OpenAI's own service says it: programs look for this code.
      throw isUnknown(error) ? notFound(previous) : error
    },
  )
  if (agent === model) return { session, space }
  throw new Problem('input_invalid', `/previous_response_id: that was an answer of ${JSON.stringify(agent)}.`, {
    hint: 'Go on with the agent that gave it.',
    errors: [{ pointer: '/previous_response_id', detail: 'an answer of another agent' }],
  })
}

/** Looks a response up by the task behind it. One that nobody ever had and a stranger's are the same. */
async function known<Found>(id: string, find: (task: string) => Promise<Found>): Promise<Found> {
  const task = taskOf(id)
  try {
    if (task !== null) return await find(task)
  } catch (error) {
    if (!isUnknown(error)) throw error
  }
  throw new AsyncvError('task_unknown', `There is no response ${JSON.stringify(id)}.`)
}

function isUnknown(error: unknown): boolean {
  return error instanceof AsyncvError && error.code === 'task_unknown'
}

function notFound(previous: string): Problem {
  return new Problem('previous_response_not_found', `There is no response ${JSON.stringify(previous)}.`, {
    hint: 'Begin a new conversation without previous_response_id.',
    errors: [{ pointer: '/previous_response_id', detail: 'no such response' }],
  })
}

function streamed(
  c: Context,
  caller: Caller,
  input: SendInput,
  { previous, describe, streams }: { previous: string | null } & Pick<RouteParts, 'describe' | 'streams'>,
): Promise<Response> {
  let head: Record<string, string> = {}
  let events = new ResponseEvents({ task: '', agent: input.agent, createdAt: 0, previous })
  const frames = async function* (left: AbortSignal): AsyncGenerator<string> {
    const spoken = new Spoken()
    let text = ''
    for await (const event of caller.stream(input, leaving(input, left))) {
      if (event.type === 'task.accepted') {
        head = headOf(event)
        events = new ResponseEvents({ task: event.task, agent: input.agent, createdAt: Date.now(), previous })
        yield events.begin()
      }
      const piece = spoken.take(event)
      text += piece
      if (piece !== '') yield events.piece(piece)
      if (event.type === 'task.finished') yield events.end(event, text)
    }
  }
  const failed = (error: unknown): string => {
    const { code, detail, hint } = describe(error, c)
    return events.fail({ code, message: hint === undefined ? detail : `${detail} ${hint}` })
  }
  return streams.frames(frames, failed, () => ({ ...head, 'X-Request-Id': requestId(c) }))
}

const response = z.looseObject({ id: z.string().meta({ example: responseId('…') }), status: z.string() })
const params = z.object({ id: z.string() })

const createResponse = createRoute({
  operationId: 'createResponse',
  tags: ['OpenAI'],
  method: 'post',
  path: '/openai/v1/responses',
  summary: 'Ask an agent as OpenAI’s clients ask for a response',
  description: [
    'A new conversation, or with `previous_response_id` the one of that response. The agent’s tools run inside. A client',
    'that leaves cancels the task, unless it sent an `Idempotency-Key`.',
  ].join(' '),
  request: { body: { required: true, content: { 'application/json': { schema: responseRequest } } } },
  responses: { 200: json(response, 'The response'), ...problems },
})

const getResponse = createRoute({
  operationId: 'getResponse',
  tags: ['OpenAI'],
  method: 'get',
  path: '/openai/v1/responses/{id}',
  summary: 'Look at a response',
  request: { params },
  responses: { 200: json(response, 'The response'), ...problems },
})

const cancelResponse = createRoute({
  operationId: 'cancelResponse',
  tags: ['OpenAI'],
  method: 'post',
  path: '/openai/v1/responses/{id}/cancel',
  summary: 'Cancel a response that is under way',
  request: { params },
  responses: { 200: json(response, 'The response, once the wish is on disk'), ...problems },
})
