/** One question and what came of it: plain data, which a reload reads again. */

export interface ToolPart {
  kind: 'tool'
  n: number
  callId: string
  name: string
  args: unknown
  result?: unknown
  isError?: boolean
  /** ms since 1970, by this browser's clock. */
  startedAt: number
  endedAt: number | null
}

/** What the agent did, in its order. `n` is the step. */
export type Part = { kind: 'text' | 'reasoning'; n: number; text: string } | ToolPart

export interface Failure {
  code: string
  detail: string
  hint: string | null
  requestId: string | null
  /** Where in the draft it is wrong: `/agents/support/model`. */
  errors: { pointer: string; detail: string }[]
}

export interface Turn {
  /** Also the idempotency key of the request. */
  id: string
  text: string
  /** ms since 1970. */
  at: number
  state: 'running' | 'done' | 'stopped' | 'failed'
  parts: Part[]
  /** Until the first word, and until the end; ms as this browser saw them. */
  firstMs: number | null
  ms: number | null
  usage: { inputTokens: number; outputTokens: number } | null
  /** Of the running agent; a draft has none. */
  task: string | null
  message: string | null
  failure: Failure | null
}

export function newTurn(id: string, text: string, at: number): Turn {
  return {
    id,
    text,
    at,
    state: 'running',
    parts: [],
    firstMs: null,
    ms: null,
    usage: null,
    task: null,
    message: null,
    failure: null,
  }
}

/** What the agent answered: the text of its last step. */
export function answerOf({ parts }: Turn): string {
  const last = parts.findLast((part) => part.kind === 'text')
  return last?.kind === 'text' ? last.text : ''
}

/** What is over while nobody looked, by a reload. */
export function settled(turn: Turn): Turn {
  return turn.state === 'running' ? { ...turn, state: 'stopped' } : turn
}
