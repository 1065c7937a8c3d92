import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { SendInput } from 'asyncv'
import type { Context } from 'hono'
import { requestId } from '../request-id.ts'
import type { RouteParts } from '../route-parts.ts'
import { json, problems } from '../routes/responses.ts'
import type { Caller } from '../service/caller.ts'
import { chunk, completion, usageChunk } from './chunks.ts'
import { toOpenaiError } from './error.ts'
import { chatRequest, toInput } from './request.ts'
import { headOf, leaving, sessionIn } from './session-head.ts'
import { Spoken } from './spoken.ts'

export function chatRoute(app: OpenAPIHono, { callerOf, body, describe, streams }: RouteParts): void {
  app.openapi({ ...createChat, middleware: body }, async (c) => {
    const caller = callerOf(c)
    const request = c.req.valid('json')
    const key = c.req.header('idempotency-key')
    const session = sessionIn(c.req.header('x-asyncv-session'))
    const input = toInput(request, {
      ...(session === undefined ? {} : { session }),
      ...(key === undefined ? {} : { key }),
    })
    const wantsUsage = request.stream_options?.include_usage === true
    if (request.stream === true) return streamed(c, caller, input, { wantsUsage, describe, streams }) as never
    const reply = await caller.send(input, leaving(input, c.req.raw.signal))
    return c.json(completion({ task: reply.task, agent: input.agent }, reply), 200, headOf(reply))
  })
}

function streamed(
  c: Context,
  caller: Caller,
  input: SendInput,
  { wantsUsage, describe, streams }: { wantsUsage: boolean } & Pick<RouteParts, 'describe' | 'streams'>,
): Promise<Response> {
  let head: Record<string, string> = {}
  const frames = async function* (left: AbortSignal): AsyncGenerator<string> {
    const spoken = new Spoken()
    const of = { task: '', agent: input.agent }
    for await (const event of caller.stream(input, leaving(input, left))) {
      if (event.type === 'task.accepted') {
        of.task = event.task
        head = headOf(event)
        yield data(chunk(of, { role: 'assistant', content: '' }))
      }
      const piece = spoken.take(event)
      if (piece !== '') yield data(chunk(of, { content: piece }))
      if (event.type !== 'task.finished') continue
      yield data(chunk(of, {}, 'stop'))
      if (wantsUsage) yield data(usageChunk(of, event.usage))
      yield 'data: [DONE]\n\n'
    }
  }
  const failed = (error: unknown): string => data(toOpenaiError(describe(error, c)))
  return streams.frames(frames, failed, () => ({ ...head, 'X-Request-Id': requestId(c) }))
}

function data(json: object): string {
  return `data: ${JSON.stringify(json)}\n\n`
}

const createChat = createRoute({
  operationId: 'createChat',
  tags: ['OpenAI'],
  method: 'post',
  path: '/openai/v1/chat/completions',
  summary: 'Ask an agent as OpenAI’s clients ask a model',
  description: [
    'Stateless: the messages are the history of a conversation of their own. With `X-Asyncv-Session` the last message goes',
    'on with that conversation instead. The agent’s tools run inside.',
  ].join(' '),
  request: { body: { required: true, content: { 'application/json': { schema: chatRequest } } } },
  responses: { 200: json(z.looseObject({ id: z.string(), choices: z.array(z.unknown()) }), 'The answer'), ...problems },
})
