import type { Earlier, SendInput } from 'asyncv'
import { z } from 'zod'
import { Problem } from '../problem.ts'

/** Text as OpenAI's clients send it: a string, or typed parts of which only text is taken. */
export const content = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.enum(['text', 'input_text', 'output_text']), text: z.string() })),
])

export const said = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: content.nullish(),
})

/** Body of `POST /openai/v1/chat/completions`. What is not named here, such as `temperature`, is the agent's affair. */
export const chatRequest = z
  .looseObject({
    model: z.string().describe('The name of an agent'),
    messages: z.array(said).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    n: z.literal(1).nullish(),
  })
  .meta({ id: 'ChatCompletionRequest' })

export type ChatRequest = z.infer<typeof chatRequest>

/** What would be silently left undone if it were only passed over. */
const refusedInChat: Record<string, string> = {
  tools: 'The agent has tools of its own, which run inside; configure them there.',
  functions: 'The agent has tools of its own, which run inside; configure them there.',
  response_format: 'Say in the message which form the answer is to have.',
  audio: 'Agents answer with text.',
  logprobs: 'Leave it out.',
}

/** Throws `input_invalid` for what is asked for and not done here, with the place and the way out. */
export function refuseFields(body: Record<string, unknown>, refused: Readonly<Record<string, string>>): void {
  for (const [field, hint] of Object.entries(refused)) {
    const given = body[field]
    const isPlain = field === 'response_format' && (given as { type?: unknown } | null)?.type === 'text'
    const isNothing =
      given === undefined || given === null || given === false || (Array.isArray(given) && given.length === 0)
    if (isNothing || isPlain) continue
    throw new Problem('input_invalid', `/${field}: this is not done here.`, {
      hint,
      errors: [{ pointer: `/${field}`, detail: 'this is not done here' }],
    })
  }
}

/** The messages as a message and what went before it. Throws `input_invalid` with the place. */
export function toInput(body: ChatRequest, { session, key }: { session?: string; key?: string }): SendInput {
  refuseFields(body, refusedInChat)
  const messages = body.messages.map(toEarlier)
  const lastAnswer = messages.findLastIndex(({ role }) => role === 'assistant')
  const unanswered = messages.slice(lastAnswer + 1)
  const last = unanswered.pop()
  if (last === undefined || body.messages.at(-1)?.role !== 'user') {
    throw new Problem('input_invalid', '/messages: the last message is none of a user.', {
      hint: 'End with a message of the role "user".',
      errors: [{ pointer: `/messages/${body.messages.length - 1}/role`, detail: 'expected "user"' }],
    })
  }
  const common = { agent: body.model, text: last.text, ...(key === undefined ? {} : { idempotencyKey: key }) }
  if (session !== undefined) return { ...common, session }
  return { ...common, history: messages.slice(0, -1) }
}

/** A model has one system message, the agent's; what the calling program adds to it is told as coming from that. */
export function toEarlier({ role, content: given }: ChatRequest['messages'][number]): Earlier {
  const text = typeof given === 'string' ? given : (given ?? []).map((part) => part.text).join('')
  if (role === 'user' || role === 'assistant') return { role, text }
  return { role: 'user', text: `Instructions of the program that calls you:\n${text}` }
}
