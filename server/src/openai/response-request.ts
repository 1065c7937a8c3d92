import type { Earlier, SendInput } from 'asyncv'
import { z } from 'zod'
import { Problem } from '../problem.ts'
import { content, refuseFields, said, toEarlier } from './request.ts'

const item = said.extend({ type: z.literal('message').optional(), content })

/** Body of `POST /openai/v1/responses`. What is not named here, such as `temperature`, is the agent's affair. */
export const responseRequest = z
  .looseObject({
    model: z.string().describe('The name of an agent'),
    input: z.union([z.string(), z.array(item).min(1)]),
    instructions: z.string().nullish(),
    previous_response_id: z.string().nullish().describe('Goes on with the conversation of that response'),
    stream: z.boolean().nullish(),
    background: z.boolean().nullish().describe('Answers at once; look at the response for the outcome'),
    metadata: z.record(z.string(), z.string()).nullish(),
  })
  .meta({ id: 'ResponseRequest' })

export type ResponseRequest = z.infer<typeof responseRequest>

const refused: Record<string, string> = {
  tools: 'The agent has tools of its own, which run inside; configure them there.',
  conversation: 'Go on with previous_response_id.',
  prompt: 'Configure the agent’s instructions.',
  include: 'Leave it out.',
  context_management: 'The agent’s limits say how much is remembered.',
}

/**
 * The input as a message and what went before it. Whoever goes on with a conversation says only what is new, and all of
 * that is the message. Throws `input_invalid` with the place.
 */
export function toResponseInput(
  body: ResponseRequest,
  { session, key }: { session: string | undefined; key: string | undefined },
): SendInput {
  refuseFields(body, refused)
  const format = (body['text'] as { format?: { type?: string } } | undefined)?.format?.type ?? 'text'
  if (format !== 'text')
    throw unusable('/text/format', 'this is not done here', 'Say in the input which form is wanted.')
  const items = typeof body.input === 'string' ? [{ role: 'user' as const, content: body.input }] : body.input
  const said = items.map(toEarlier)
  const last = said.at(-1)
  if (last === undefined || items.at(-1)?.role !== 'user') {
    throw unusable(`/input/${items.length - 1}/role`, 'expected "user"', 'End with a message of the role "user".')
  }
  const told = body.instructions == null ? [] : [toEarlier({ role: 'system', content: body.instructions })]
  const common = { agent: body.model, ...(key === undefined ? {} : { idempotencyKey: key }) }
  const metadata = body.metadata == null ? {} : { metadata: body.metadata }
  if (session === undefined)
    return { ...common, ...metadata, text: last.text, history: [...told, ...said.slice(0, -1)] }
  const own = said.findIndex(({ role }) => role === 'assistant')
  if (own !== -1) {
    throw unusable(`/input/${own}/role`, 'expected "user"', 'Its answers are remembered: send only what is new.')
  }
  return { ...common, ...metadata, session, text: joined([...told, ...said]) }
}

function joined(said: readonly Earlier[]): string {
  return said.map(({ text }) => text).join('\n\n')
}

function unusable(pointer: string, detail: string, hint: string): Problem {
  return new Problem('input_invalid', `${pointer}: ${detail}.`, { hint, errors: [{ pointer, detail }] })
}
