/**
 * The loop of a task: model call, tool calls, model call, … until an answer or a limit. A function over ports: it keeps
 * nothing, and what it needs after a crash is in the journal. Each step is written when it ends, before the next one
 * begins; the last one is left to the finish commit, which is why a plain answer costs no commit here.
 */
import { AsyncvError } from '../errors.ts'
import { aborted, start } from '../internal/abandoning.ts'
import type { TextPart } from '../message.ts'
import type { Price } from '../options.ts'
import type { Usage } from '../task.ts'
import type { ClaimedTask, StepRecord } from '../storage.ts'
import type { AgentContext } from '../tool.ts'
import { fitHistory } from './history.ts'
import { Interruption } from './interruption.ts'
import { callModel, type ModelAnswer } from './model-call.ts'
import type { RunnableAgent, RunPorts } from './ports.ts'
import { callTools, cutCalls } from './tool-batch.ts'
import { estimateMessages, estimateTokens } from './tokens.ts'
import { modelStep, Transcript } from './transcript.ts'

export type RunOutcome = (
  | { type: 'done'; reply: TextPart[] }
  | { type: 'failed'; error: AsyncvError }
  /** `told`: the person in the chat knows already. */
  | { type: 'cancelled'; told: boolean }
  | { type: 'handed-back' }
) & {
  transcript: Transcript
  /** Steps that the commit ending the run has to write. */
  steps: StepRecord[]
}

/** Carries out a claimed task. Does not reject, except when the storage refuses a write for good. */
export async function run(
  task: ClaimedTask,
  agent: RunnableAgent,
  ports: RunPorts,
  interrupt: AbortController,
): Promise<RunOutcome> {
  const { signal } = interrupt
  const transcript = new Transcript(task)
  const cancelWall = ports.clock.after(agent.limits.wallMs, () => interrupt.abort(new Interruption('wall-time')))
  try {
    return await converse(task, agent, ports, signal, transcript)
  } catch (error) {
    const steps = [...transcript.unwritten, ...cutCalls(transcript, agent.tools, signal.reason, ports.clock.now())]
    // Whatever it was that failed: a provider or a function may have an error of its own for being aborted.
    if (signal.reason instanceof Interruption) return interrupted(signal.reason, agent, transcript, steps)
    if (error instanceof AsyncvError && error.code.startsWith('storage_')) throw error
    if (error instanceof AsyncvError && error.code === 'state_conflict') throw error
    return { type: 'failed', error: withoutSecrets(asAsyncvError(error), ports), transcript, steps }
  } finally {
    cancelWall()
  }
}

async function converse(
  task: ClaimedTask,
  agent: RunnableAgent,
  ports: RunPorts,
  signal: AbortSignal,
  transcript: Transcript,
): Promise<RunOutcome> {
  const { storage, clock } = ports
  const context = contextOf(task)
  const scale = ports.tokens.of(agent.model[0] ?? '')
  const budget = Math.floor(agent.limits.historyTokens / scale)
  const turns = await ports.persist(() => storage.history(task.session, budget))
  const history = fitHistory(turns, agent.limits.historyTokens / scale)
  const instructions = await instructionsOf(agent, context, signal)
  const fence = { task: task.id, attempt: task.attempt }

  for (;;) {
    if (transcript.toolCalls > agent.limits.toolCalls) throw limitReached(agent, 'toolCalls', agent.limits.toolCalls)
    if (transcript.pending.length > 0) await callTools(fence, transcript, agent.tools, context, ports, signal)
    if (ports.mayAbsorb()) {
      const taken = await ports.persist(() => storage.absorb(fence, transcript.nextN, clock.now()))
      for (const { task: absorbed, message } of taken) {
        transcript.nextN++
        transcript.addInput(message.parts)
        ports.onAbsorbed(absorbed)
      }
    }
    const outputLeft = checkLimits(agent, transcript)
    const startedAt = clock.now()
    const n = transcript.nextN
    ports.feed.begin(n)
    const said = history.length === 0 ? transcript.messages : [...history, ...transcript.messages]
    const { messages, bytes } = ports.files.fit(said)
    const answer = await callModel(
      agent.models,
      { instructions, messages, tools: agent.tools, maxOutputTokens: outputLeft },
      { key: `${task.id}/${n}`, signal, readFile: ports.files.read },
      {
        clock,
        retry: ports.retry,
        feed: ports.feed,
        hold: bytes === 0 ? null : () => ports.files.hold(bytes, signal),
        onRetry: (model, { code, message }, waitMs) =>
          ports.emit({
            type: 'model.retried',
            at: clock.now(),
            task: task.id,
            n,
            model,
            error: { code, message: ports.hide(message) },
            waitMs,
          }),
      },
    )
    const endedAt = clock.now()
    const usage = answer.usage ?? { inputTokens: 0, outputTokens: estimateTokens(answer.text) }
    const calls = answer.reason === 'length' || answer.reason === 'filtered' ? [] : answer.calls
    const result = { text: answer.text, calls, reason: answer.reason }
    transcript.addModel(n, result, usage)
    if (answer.usage !== null && answer.usage.inputTokens > 0) {
      ports.tokens.learn(
        answer.reference,
        estimateMessages(messages) + estimateTokens(instructions),
        answer.usage.inputTokens,
      )
    }
    ports.emit({
      type: 'model.finished',
      at: endedAt,
      task: task.id,
      n,
      model: answer.reference,
      ...usage,
      cost: costOf(usage, answer.price),
      ms: endedAt - startedAt,
    })
    transcript.unwritten.push(modelStep(n, answer.reference, result, usage, { startedAt, endedAt }))
    if (calls.length === 0) return answered(answer, transcript)
  }
}

/** What the model may still write. Throws when a limit leaves no room for another call. */
function checkLimits(agent: RunnableAgent, transcript: Transcript): number {
  const { modelCalls, outputTokens } = agent.limits
  const outputLeft = outputTokens - transcript.usage.outputTokens
  if (transcript.modelCalls >= modelCalls) throw limitReached(agent, 'modelCalls', modelCalls)
  if (outputLeft <= 0) throw limitReached(agent, 'outputTokens', outputTokens)
  return outputLeft
}

function limitReached(agent: RunnableAgent, limit: string, value: number): AsyncvError {
  return new AsyncvError('limit_reached', `Agent "${agent.name}" reached limits.${limit} (${value}).`, {
    hint: `Raise limits.${limit} of the agent, or ask for less at once.`,
  })
}

function answered(answer: ModelAnswer, transcript: Transcript): RunOutcome {
  const steps = transcript.unwritten
  if (answer.text.trim() !== '')
    return { type: 'done', reply: [{ type: 'text', text: answer.text }], transcript, steps }
  const error =
    answer.reason === 'length'
      ? new AsyncvError('limit_reached', `${answer.reference} used up its output tokens before it wrote an answer.`, {
          hint: 'Raise limits.outputTokens of the agent.',
        })
      : new AsyncvError('provider_refused', `${answer.reference} answered with nothing (finish: ${answer.reason}).`)
  return { type: 'failed', error, transcript, steps }
}

function interrupted(
  { why, told }: Interruption,
  agent: RunnableAgent,
  transcript: Transcript,
  steps: StepRecord[],
): RunOutcome {
  switch (why) {
    case 'cancel':
      return { type: 'cancelled', told, transcript, steps }
    case 'hand-back':
      return { type: 'handed-back', transcript, steps }
    case 'wall-time':
      return { type: 'failed', error: limitReached(agent, 'wallMs', agent.limits.wallMs), transcript, steps }
  }
}

function contextOf(task: ClaimedTask): AgentContext {
  const { earlier: _, ...context } = task.context
  return { agent: task.agent, session: task.session, task: task.id, ...context }
}

/** The function is the operator's: that it throws is no bug of ours, and who cancels the task does not wait for it. */
async function instructionsOf(
  { name, instructions }: RunnableAgent,
  context: AgentContext,
  signal: AbortSignal,
): Promise<string> {
  if (typeof instructions === 'string') return instructions
  signal.throwIfAborted()
  try {
    return await Promise.race([start(() => instructions(context)), aborted(signal)])
  } catch (error) {
    signal.throwIfAborted()
    const message = error instanceof Error ? error.message : String(error)
    throw new AsyncvError(
      'instructions_failed',
      `The instructions of agent "${name}" could not be written: ${message}`,
      {
        hint: 'Look at the function that the agent has as its instructions.',
        cause: error,
      },
    )
  }
}

function asAsyncvError(error: unknown): AsyncvError {
  if (error instanceof AsyncvError) return error
  return new AsyncvError('internal', error instanceof Error ? error.message : String(error), { cause: error })
}

/** Services and tools like to quote what they were shown. */
function withoutSecrets(error: AsyncvError, { hide }: Pick<RunPorts, 'hide'>): AsyncvError {
  const record = error.toJSON()
  const message = hide(record.message)
  if (message === record.message && (record.hint === undefined || hide(record.hint) === record.hint)) return error
  // Its cause may quote it as well.
  return AsyncvError.from({ ...record, message, ...(record.hint === undefined ? {} : { hint: hide(record.hint) }) })
}

const million = 1_000_000

function costOf({ inputTokens, outputTokens }: Usage, price: Price | null): number | null {
  return price === null ? null : (inputTokens * price.input + outputTokens * price.output) / million
}
