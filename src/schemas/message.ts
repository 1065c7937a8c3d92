import { z } from 'zod'
import { problem } from './problem.ts'

/** Longest text of a message. UTF-16 units. */
const maxText = 1_000_000

export const textPart = z.strictObject({ type: z.literal('text'), text: z.string().max(maxText) })

const fileReference = z
  .strictObject({ type: z.literal('file'), file: z.string().min(1).max(64) })
  .describe('A file that was handed in with `POST /v1/files`, by its id')

/** A part of what came in. */
export const messagePart = z.union([
  textPart,
  z.object({
    type: z.enum(['image', 'audio', 'file']),
    file: z.string().describe('Look at /v1/files/{file}'),
    blob: z.string().describe('SHA-256 of its bytes'),
    mediaType: z.string(),
    name: z.string(),
    size: z.int().min(0),
  }),
])

/** Body of `POST /v1/agents/{agent}/messages`. */
export const messageRequest = z
  .strictObject({
    session: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('The caller’s own id of the conversation; without it a new one begins')
      .meta({ example: 'user-42' }),
    text: z
      .string()
      .max(maxText)
      .optional()
      .describe('The message; give this or parts')
      .meta({ example: 'What is 6 * 7?' }),
    parts: z
      .array(z.discriminatedUnion('type', [textPart, fileReference]))
      .min(1)
      .max(100)
      .optional()
      .describe('Text, and files that were handed in: `{ "type": "file", "file": "<id>" }`'),
    whenBusy: z
      .enum(['queue', 'steer'])
      .optional()
      .describe('What to do when the session is busy: wait for a turn, or join the running task; default: the agent’s'),
    metadata: z.record(z.string(), z.unknown()).optional().describe('Handed to tools and instructions'),
    onDisconnect: z
      .enum(['continue', 'cancel'])
      .optional()
      .describe(
        'What becomes of the task when the client leaves before the answer; `cancel` spares one that others have joined; default: continue',
      ),
  })
  .meta({ id: 'MessageRequest' })

export const usage = z.object({ inputTokens: z.int().min(0), outputTokens: z.int().min(0) })

const receipted = {
  task: z.string().describe('Look at /v1/tasks/{task}'),
  session: z.string().describe('Pass it as session to go on with this conversation').meta({ example: 'user-42' }),
  message: z.string().describe('Look at /v1/messages/{message}/timeline'),
}

const answered = {
  text: z.string().meta({ example: '6 * 7 = 42.' }),
  parts: z.array(textPart),
}

/** The answer to a message. `reply` means computed. */
export const messageReply = z.object({ ...receipted, reply: z.object(answered), usage }).meta({ id: 'MessageReply' })

/** The message is on disk, and its answer is not there yet. */
export const messageAccepted = z.object(receipted).meta({ id: 'MessageAccepted' })

/** Where a task stands when something happened. */
const place = {
  task: z.string(),
  attempt: z.int().describe('How often the task was started'),
  n: z.int().describe('The step: text of an earlier model call is told from that of the next'),
}
const toolCall = { ...place, callId: z.string(), name: z.string() }

const happened = z.discriminatedUnion('type', [
  z.object({ type: z.literal('task.accepted'), ...receipted, duplicate: z.boolean() }),
  z.object({ type: z.literal('text.snapshot'), ...place, text: z.string() }).describe('All the step wrote so far'),
  z.object({ type: z.literal('text.delta'), ...place, text: z.string() }),
  z.object({ type: z.literal('text.reset'), ...place }).describe('The call starts over: forget what it wrote'),
  z.object({ type: z.literal('reasoning.delta'), ...place, text: z.string() }),
  z.object({ type: z.literal('tool.started'), ...toolCall, args: z.unknown() }),
  z.object({ type: z.literal('tool.finished'), ...toolCall, result: z.unknown(), isError: z.boolean() }),
  z.object({ type: z.literal('task.finished'), ...receipted, duplicate: z.boolean(), ...answered, usage }),
])

/** The data of an event of the stream. Its `type` is the name of the event; that of an `error` event is the problem's. */
export const streamEvent = z.union([happened, problem]).meta({ id: 'StreamEvent' })
