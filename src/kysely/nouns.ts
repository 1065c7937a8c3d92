/** Rows as nouns. The one place where stored JSON is read. */
import type { Delivery } from '../delivery.ts'
import type { Message, ModelMessage, TextPart } from '../message.ts'
import type { Session } from '../session.ts'
import type { Step, Task, Turn } from '../task.ts'
import type { DeliveryRow, MessageRow, SessionRow, StepRow, TaskRow } from './schema.ts'

/** What this program wrote, or null. Its shape is vouched for by the step's `version` and by the schema's. */
export function fromJson<Value>(text: string): Value {
  return JSON.parse(text) as Value
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    session: row.session_id,
    seq: row.seq,
    parts: fromJson(row.parts),
    task: row.task_id,
    person: row.person === null ? null : fromJson(row.person),
    receivedAt: row.received_at,
  }
}

export function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    address: row.address,
    generation: row.generation,
    agent: row.agent,
    space: row.space,
    createdAt: row.created_at,
    lastAt: row.last_at,
    closedAt: row.closed_at,
  }
}

/**
 * What of a task is shown, with its session's space; the rest is for who runs it. Each column costs a read a fortieth of its
 * time.
 */
export const taskColumns = [
  'task.id',
  'task.session_id',
  'task.agent',
  'session.space',
  'task.state',
  'task.into_task',
  'task.attempt',
  'task.crashes',
  'task.turn',
  'task.error',
  'task.input_tokens',
  'task.output_tokens',
  'task.created_at',
  'task.started_at',
  'task.ended_at',
] as const

export type TaskOfSpace = Pick<
  TaskRow & SessionRow,
  (typeof taskColumns)[number] extends `${string}.${infer Column}` ? Column : never
>

export function toTask(row: TaskOfSpace): Task {
  return {
    id: row.id,
    session: row.session_id,
    agent: row.agent,
    space: row.space,
    state: row.state,
    into: row.into_task,
    attempt: row.attempt,
    crashes: row.crashes,
    reply: row.state === 'done' && row.turn !== null ? replyOf(fromJson(row.turn)) : null,
    error: row.error === null ? null : fromJson(row.error),
    usage: { inputTokens: row.input_tokens, outputTokens: row.output_tokens },
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}

/** The answer is what the model said last. */
function replyOf(messages: ModelMessage[]): TextPart[] {
  const last = messages.findLast(({ role }) => role === 'assistant')
  return last?.parts.filter((part) => part.type === 'text') ?? []
}

/** Version 1 is what is written now. A later shape gets its upcaster here, so that no old task is stranded. */
export const stepVersion = 1

export function toStep(row: StepRow): Step {
  return {
    task: row.task_id,
    n: row.n,
    kind: row.kind,
    state: row.state,
    attempt: row.attempt,
    name: row.name,
    effect: row.effect,
    call: row.call === null ? null : fromJson(row.call),
    result: row.result === null ? null : fromJson(row.result),
    usage: { inputTokens: row.input_tokens, outputTokens: row.output_tokens },
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}

/** What the history is read from: a message's place, and the turn of its task. */
export interface TurnRow {
  seq: number
  task: string
  messages: string
  tokens: number
}

export function toTurn({ seq, task, messages, tokens }: TurnRow): Turn {
  return { seq, task, messages: fromJson(messages), tokens }
}

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    key: row.key,
    task: row.task_id,
    message: row.message_id,
    part: row.part,
    kind: row.kind,
    destination: row.destination,
    seq: row.seq,
    target: row.target,
    body: fromJson(row.body),
    state: row.state,
    attempt: row.attempt,
    nextAt: row.next_at,
    uncertainCount: row.uncertain_count,
    error: row.error === null ? null : fromJson(row.error),
    createdAt: row.created_at,
    retriedAt: row.retried_at,
    settledAt: row.settled_at,
  }
}
