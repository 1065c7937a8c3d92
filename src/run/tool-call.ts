import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Clock } from '../clock.ts'
import type { ToolCallPart, ToolResultPart } from '../message.ts'
import type { AgentContext, Tool } from '../tool.ts'
import { aborted, start } from '../internal/abandoning.ts'

export type ToolOutcome =
  | { type: 'result'; result: unknown; isError: boolean }
  /** It may or may not have taken effect, and nobody can tell. */
  | { type: 'unknown'; why: string }

export interface ToolCallRequest {
  call: ToolCallPart
  tool: Tool
  input: unknown
  /** `<task>/<n>`. */
  key: string
}

/** What to tell the model when a call cannot be made at all. */
export function toolUnknown(call: ToolCallPart, known: readonly Tool[]): string {
  const names = known.map((tool) => tool.name).join(', ')
  return `There is no tool "${call.name}". ${names === '' ? 'There are no tools.' : `Known tools: ${names}.`}`
}

/**
 * Checks the arguments by the tool's schema; a problem is a text for the model, also when the check throws. A check that
 * takes its time is somebody else's code like the tool itself: an abort rejects with the signal's reason.
 */
export async function checkInput(
  tool: Tool,
  args: unknown,
  signal: AbortSignal,
): Promise<{ input: unknown } | { problem: string }> {
  if (typeof args === 'string') return { problem: `The arguments of ${tool.name} are not a JSON object: ${clip(args)}` }
  let checked: StandardSchemaV1.Result<unknown>
  try {
    const checking = tool.input['~standard'].validate(args)
    // Most schemas answer at once, which costs no race.
    checked = 'then' in checking ? await Promise.race([checking, aborted(signal)]) : checking
  } catch (error) {
    signal.throwIfAborted()
    return { problem: `The arguments of ${tool.name} could not be checked: ${clip(reasonOf(error))}` }
  }
  if (checked.issues === undefined) return { input: checked.value }
  const issues = checked.issues.map((issue) => {
    const path = (issue.path ?? []).map((key) => String(typeof key === 'object' ? key.key : key)).join('.')
    return path === '' ? issue.message : `${path}: ${issue.message}`
  })
  return { problem: `Wrong arguments for ${tool.name}: ${issues.join('; ')}` }
}

/**
 * Runs one tool once, at most `timeoutMs`. A throw becomes an error result; an abort rejects with the signal's reason.
 * A tool that ignores its signal is left behind, not waited for.
 */
export async function callTool(
  request: ToolCallRequest,
  context: AgentContext,
  signal: AbortSignal,
  clock: Clock,
): Promise<ToolOutcome> {
  const { tool, input, key } = request
  const limit = new AbortController()
  const both = AbortSignal.any([signal, limit.signal])
  const cancelLimit = clock.after(tool.timeoutMs, () =>
    limit.abort(new Error(`${tool.name} took longer than ${tool.timeoutMs} ms.`)),
  )
  try {
    signal.throwIfAborted()
    const result = await Promise.race([start(() => tool.run({ input, context, key, signal: both })), aborted(both)])
    return { type: 'result', result: asJson(result), isError: false }
  } catch (error) {
    signal.throwIfAborted()
    if (limit.signal.aborted && tool.effect === 'once') return { type: 'unknown', why: reasonOf(limit.signal.reason) }
    return { type: 'result', result: reasonOf(error), isError: true }
  } finally {
    cancelLimit()
  }
}

/** What became of a call that an earlier attempt began and did not see the end of. Null: it has to run again. */
export async function settleCutCall(request: ToolCallRequest, signal: AbortSignal): Promise<ToolOutcome | null> {
  const { tool, key } = request
  if (tool.effect !== 'once') return null
  if (tool.reconcile === null) return { type: 'unknown', why: 'the process died while it ran' }
  try {
    const found = await Promise.race([Promise.resolve(tool.reconcile({ key, signal })), aborted(signal)])
    switch (found.state) {
      case 'done':
        return { type: 'result', result: asJson(found.result), isError: false }
      case 'not-done':
        return null
      // Also what is none of the three, as code without types may say: nothing but a clear word lets it run again.
      default:
        return { type: 'unknown', why: 'the process died while it ran, and its state cannot be found out' }
    }
  } catch (error) {
    signal.throwIfAborted()
    return {
      type: 'unknown',
      why: `the process died while it ran, and asking for its state failed: ${reasonOf(error)}`,
    }
  }
}

/** The outcome as the model reads it. */
export function toResultPart(call: ToolCallPart, outcome: ToolOutcome): ToolResultPart {
  const { callId } = call
  if (outcome.type === 'unknown') {
    const result = `It is not known whether this call took effect (${outcome.why}). Do not repeat it; tell the person.`
    return { type: 'tool-result', callId, result, isError: true }
  }
  return outcome.isError
    ? { type: 'tool-result', callId, result: outcome.result, isError: true }
    : { type: 'tool-result', callId, result: outcome.result }
}

/**
 * What the model gets is JSON, and what is journaled has to be the same after a crash. A result that JSON cannot hold
 * is told as text: the tool has run, so this must not look like a failure.
 */
function asJson(value: unknown): unknown {
  try {
    const text = JSON.stringify(value)
    return text === undefined ? null : JSON.parse(text)
  } catch {
    return String(value)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
