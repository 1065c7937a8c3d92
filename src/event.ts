import type { ErrorRecord } from './errors.ts'

/** What observers hear, after the commit that made it true. Hearing is a courtesy: nothing depends on it. */
export type AsyncvEvent =
  | { type: 'message.received'; at: number; message: string; session: string; task: string; address: string }
  | { type: 'message.duplicated'; at: number; message: string; session: string; task: string | null }
  | { type: 'command.carried-out'; at: number; message: string; session: string; command: string; cancelled: string[] }
  | { type: 'task.started'; at: number; task: string; session: string; attempt: number }
  | { type: 'task.absorbed'; at: number; task: string; session: string; into: string }
  | { type: 'task.requeued'; at: number; task: string; session: string }
  | { type: 'task.finished'; at: number; task: string; session: string }
  | { type: 'task.failed'; at: number; task: string; session: string; error: ErrorRecord }
  | { type: 'task.cancelled'; at: number; task: string; session: string }
  | {
      type: 'model.finished'
      at: number
      task: string
      n: number
      model: string
      inputTokens: number
      outputTokens: number
      /** In the currency of `prices`; null where the model has none. */
      cost: number | null
      ms: number
    }
  | { type: 'model.retried'; at: number; task: string; n: number; model: string; error: ErrorRecord; waitMs: number }
  | { type: 'tool.finished'; at: number; task: string; n: number; name: string; isError: boolean; ms: number }
  | { type: 'delivery.sent'; at: number; delivery: string; task: string | null; destination: string }
  | {
      type: 'delivery.retrying'
      at: number
      delivery: string
      task: string | null
      destination: string
      error: ErrorRecord
    }
  | {
      type: 'delivery.uncertain'
      at: number
      delivery: string
      task: string | null
      destination: string
      error: ErrorRecord
    }
  | {
      type: 'delivery.dead'
      at: number
      delivery: string
      task: string | null
      destination: string
      error: ErrorRecord
    }
  | { type: 'storage.failed'; at: number; error: ErrorRecord }

export type AsyncvEventType = AsyncvEvent['type']
export type AsyncvEventOf<Type extends AsyncvEventType> = Extract<AsyncvEvent, { type: Type }>

/**
 * What the reader of a stream gets while a task works; live, never stored. `n` is the step, so text of an earlier model
 * call is told from that of the next; the reply is the text of the last one.
 */
export type LiveEvent =
  /** All that the step has written so far; sent to a reader that joins late. */
  | { type: 'text.snapshot'; task: string; attempt: number; n: number; text: string }
  | { type: 'text.delta'; task: string; attempt: number; n: number; text: string }
  /** The call starts over: forget what it wrote. */
  | { type: 'text.reset'; task: string; attempt: number; n: number }
  | { type: 'reasoning.delta'; task: string; attempt: number; n: number; text: string }
  | { type: 'tool.started'; task: string; attempt: number; n: number; callId: string; name: string; args: unknown }
  | {
      type: 'tool.finished'
      task: string
      attempt: number
      n: number
      callId: string
      name: string
      result: unknown
      isError: boolean
    }
