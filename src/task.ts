import type { ErrorRecord } from './errors.ts'
import type { ModelMessage, TextPart } from './message.ts'

/**
 * queued → running → done | failed | cancelled; `absorbed` means that another task took the message up and answers it.
 */
export type TaskState = 'queued' | 'running' | 'absorbed' | 'done' | 'failed' | 'cancelled'

/** What a message does that finds its session busy: join the running task, or wait for a task of its own. */
export type WhenBusy = 'steer' | 'queue'

export interface Usage {
  inputTokens: number
  outputTokens: number
}

/** The unit of work: an agent answering what came in. */
export interface Task {
  id: string
  session: string
  agent: string
  /** Whose session it belongs to. */
  space: string
  state: TaskState
  /** The task that answers in its place, when `state` is `absorbed`. */
  into: string | null
  /** How often it was started. Also its fence: a write of an earlier attempt is refused. */
  attempt: number
  /** Deaths of the process while this task ran alone; three fail it. */
  crashes: number
  /** The answer, once `state` is `done`. */
  reply: TextPart[] | null
  error: ErrorRecord | null
  usage: Usage
  createdAt: number
  startedAt: number | null
  endedAt: number | null
}

/** One journaled action of a task: a message taken up, one model call, one tool call. */
export interface Step {
  task: string
  n: number
  kind: 'input' | 'model' | 'tool'
  /** `unknown`: a tool call was cut and nobody can tell whether it took effect. */
  state: 'started' | 'done' | 'unknown'
  attempt: number
  /** The tool's name or the model reference. */
  name: string | null
  effect: 'read' | 'idempotent' | 'once' | null
  /** What the tool was called with. */
  call: unknown
  result: unknown
  usage: Usage
  startedAt: number
  endedAt: number | null
}

/** What a finished task adds to its session's history. */
export interface Turn {
  /** The number in the session of the message that began the task. */
  seq: number
  task: string
  messages: ModelMessage[]
  /** Estimated size; see `estimateTokens`. */
  tokens: number
}
