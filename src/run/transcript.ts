import type { MessagePart, ModelMessage, ToolCallPart, ToolResultPart } from '../message.ts'
import type { FinishReason } from '../provider.ts'
import type { AbsorbedMessage, ClaimedTask, StepRecord } from '../storage.ts'
import type { Step, Usage } from '../task.ts'

/** What a model step's row holds as its result. */
export interface ModelStepResult {
  text: string
  calls: ToolCallPart[]
  reason: FinishReason
}

/** One call of the last model step, and how far it came. */
export interface PendingCall {
  call: ToolCallPart
  n: number
  /** Its row says that it began, in an earlier attempt or just now. */
  started: boolean
  result: ToolResultPart | null
}

/**
 * What a task has said and done so far, as its journal tells it. The machinery adds to it as steps end; after a crash
 * the same transcript is read back from the rows, and the run goes on where they stop.
 */
export class Transcript {
  /** The task's own turn: the person's messages, the model's, the tools'. */
  readonly messages: ModelMessage[]
  /** How many of them, the first, the caller brought along. */
  readonly earlier: number
  /** Calls of the last model step; empty when the model speaks next. */
  pending: PendingCall[] = []
  /** Rows that no commit has carried yet. */
  readonly unwritten: StepRecord[] = []
  nextN = 1
  /** How many of the messages the model had before it when it last answered, if only with nothing. */
  seen = 0
  modelCalls = 0
  toolCalls = 0
  usage: Usage = { inputTokens: 0, outputTokens: 0 }

  constructor(task: ClaimedTask) {
    // What the caller brought along becomes a part of the first turn, so that it is there as long as that.
    const earlier = task.context.earlier ?? []
    this.earlier = earlier.length
    this.messages = [
      ...earlier.map(({ role, text }): ModelMessage => ({ role, parts: [{ type: 'text', text }] })),
      { role: 'user', parts: [...task.message.parts] },
    ]
    for (const step of task.steps) this.#readBack(step)
    this.closeBatch()
  }

  /** A message taken up while running. */
  addInput(parts: MessagePart[]): void {
    this.messages.push({ role: 'user', parts })
  }

  /** A model step ended; its calls get the numbers that follow, so that a read call needs no row before it ends. */
  addModel(n: number, { text, calls }: ModelStepResult, usage: Usage): void {
    this.seen = this.messages.length
    const parts: ModelMessage['parts'] = text === '' ? [] : [{ type: 'text', text }]
    // An answer of nothing is a failure; read back by a retry, it would be a message that services refuse.
    if (text !== '' || calls.length > 0) this.messages.push({ role: 'assistant', parts: [...parts, ...calls] })
    this.pending = calls.map((call, index) => ({ call, n: n + 1 + index, started: false, result: null }))
    this.nextN = n + 1 + calls.length
    this.modelCalls++
    this.toolCalls += calls.length
    this.usage.inputTokens += usage.inputTokens
    this.usage.outputTokens += usage.outputTokens
  }

  /** When every pending call has its result, they become one message, in the order of the calls. */
  closeBatch(): void {
    if (this.pending.length === 0) return
    const results: ToolResultPart[] = []
    for (const { result } of this.pending) {
      if (result === null) return
      results.push(result)
    }
    this.messages.push({ role: 'tool', parts: results })
    this.pending = []
  }

  #readBack(step: Step): void {
    this.nextN = Math.max(this.nextN, step.n + 1)
    switch (step.kind) {
      case 'input':
        this.closeBatch()
        this.addInput((step.result as AbsorbedMessage['message']).parts)
        break
      case 'model':
        this.closeBatch()
        this.addModel(step.n, step.result as ModelStepResult, step.usage)
        break
      case 'tool': {
        const pending = this.pending.find(({ n }) => n === step.n)
        if (pending === undefined) break
        pending.started = true
        if (step.state !== 'started' && step.result !== null) pending.result = step.result as ToolResultPart
        break
      }
    }
  }
}

const noUsage: Usage = { inputTokens: 0, outputTokens: 0 }

export function modelStep(
  n: number,
  reference: string,
  result: ModelStepResult,
  usage: Usage,
  at: { startedAt: number; endedAt: number },
): StepRecord {
  return { n, kind: 'model', state: 'done', name: reference, effect: null, call: null, result, usage, ...at }
}

/** The row of a tool call: with a result when it ended, without one when it is about to begin. */
export function toolStep(
  { call, n }: PendingCall,
  effect: Step['effect'],
  at: { startedAt: number; endedAt: number | null },
  outcome: { state: Step['state']; result: ToolResultPart | null },
): StepRecord {
  const { state, result } = outcome
  return {
    n,
    kind: 'tool',
    state,
    name: call.name,
    effect,
    call: { callId: call.callId, args: call.args },
    result,
    usage: noUsage,
    ...at,
  }
}
