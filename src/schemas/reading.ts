import { z } from 'zod'
import { messagePart, textPart, usage } from './message.ts'
import { errorRecord } from './problem.ts'

const moment = z.int().describe('ms since the epoch').meta({ example: 1_750_000_000_000 })

export const agentSummary = z
  .object({
    name: z.string().meta({ example: 'support' }),
    model: z.array(z.string()).describe('In the order in which they are tried'),
    tools: z.array(z.string()),
  })
  .meta({ id: 'Agent' })

/** The conversation an agent remembers. */
export const session = z
  .object({
    id: z.string(),
    address: z.string().describe('Who talks where').meta({ example: 'api:default:support:user-42' }),
    generation: z.int().describe('Raised when a conversation is begun anew at the same address'),
    agent: z.string(),
    space: z.string(),
    createdAt: moment,
    lastAt: moment,
    closedAt: moment.nullable(),
  })
  .meta({ id: 'Session' })

/** What came in. */
export const message = z
  .object({
    id: z.string(),
    session: z.string(),
    seq: z.int().describe('Its position in the session, from 1; gaps are possible'),
    parts: z.array(messagePart),
    task: z.string().nullable().describe('The task that was made for it; null for a command'),
    person: z.looseObject({ id: z.string() }).nullable(),
    receivedAt: moment,
  })
  .meta({ id: 'Message' })

/** One journaled action of a task. */
export const step = z
  .object({
    task: z.string(),
    n: z.int(),
    kind: z.enum(['input', 'model', 'tool']),
    state: z.enum(['started', 'done', 'unknown']).describe('unknown: it was cut, and nobody can tell what it did'),
    attempt: z.int(),
    name: z.string().nullable().describe('The tool, or the model reference'),
    effect: z.enum(['read', 'idempotent', 'once']).nullable(),
    call: z.unknown().describe('What the tool was called with'),
    result: z.unknown(),
    usage,
    startedAt: moment,
    endedAt: moment.nullable(),
  })
  .meta({ id: 'Step' })

export const deliveryState = z.enum([
  'pending',
  'sending',
  'sent',
  'retrying',
  'uncertain',
  'held',
  'dead',
  'discarded',
])

/** One outgoing message on its way. */
export const delivery = z
  .object({
    id: z.string(),
    key: z.string(),
    task: z.string().nullable(),
    message: z.string().nullable(),
    part: z.int(),
    kind: z.enum(['answer', 'notice', 'post']),
    destination: z.string(),
    seq: z.int(),
    target: z.string().nullable().describe('The platform’s id of what was posted'),
    body: z.array(textPart),
    state: deliveryState,
    attempt: z.int(),
    nextAt: moment.nullable(),
    uncertainCount: z.int().describe('Sends of which nobody knows whether they arrived'),
    error: errorRecord.nullable(),
    createdAt: moment,
    retriedAt: moment.nullable().describe('When an operator last queued it again'),
    settledAt: moment.nullable(),
  })
  .meta({ id: 'Delivery' })
