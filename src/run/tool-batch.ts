import type { StepRecord } from '../storage.ts'
import type { AgentContext, Tool } from '../tool.ts'
import { Interruption } from './interruption.ts'
import type { RunPorts } from './ports.ts'
import { callTool, checkInput, settleCutCall, toolUnknown, toResultPart, type ToolOutcome } from './tool-call.ts'
import { type PendingCall, toolStep, type Transcript } from './transcript.ts'

/**
 * Runs the pending calls of one model step side by side and adds their results to the transcript. What has an effect is
 * written as started before it starts, all of one batch in one commit with the model step that asked for it; each result
 * is written when its call ends, and all are on disk before the model speaks again.
 */
export async function callTools(
  fence: { task: string; attempt: number },
  transcript: Transcript,
  tools: readonly Tool[],
  context: AgentContext,
  ports: RunPorts,
  signal: AbortSignal,
): Promise<void> {
  const open = transcript.pending.filter(({ result }) => result === null)
  const calls = await Promise.all(open.map((pending) => prepare(pending, tools, signal)))
  const startedAt = ports.clock.now()
  const begin = [...transcript.unwritten]
  for (const { pending, request } of calls) {
    if (request === null || request.tool.effect === 'read' || pending.started) continue
    begin.push(toolStep(pending, request.tool.effect, { startedAt, endedAt: null }, { state: 'started', result: null }))
  }
  if (begin.length > 0) await ports.persist(() => ports.storage.journal(fence, begin))
  transcript.unwritten.length = 0
  signal.throwIfAborted()

  await allSettledOrThrow(
    calls.map(async ({ pending, request, problem }) => {
      const { call, n } = pending
      ports.feed.toolStarted(n, call)
      let outcome: ToolOutcome = { type: 'result', result: problem, isError: true }
      if (request !== null) {
        const cut = pending.started ? await settleCutCall({ ...request, key: `${fence.task}/${n}` }, signal) : null
        pending.started = true
        outcome = cut ?? (await callTool({ ...request, key: `${fence.task}/${n}` }, context, signal, ports.clock))
      }
      const endedAt = ports.clock.now()
      const result = toResultPart(call, withoutSecrets(outcome, ports.hide))
      const state = outcome.type === 'unknown' ? 'unknown' : 'done'
      const step = toolStep(pending, request?.tool.effect ?? null, { startedAt, endedAt }, { state, result })
      await ports.persist(() => ports.storage.journal(fence, [step]))
      pending.result = result
      const isError = result.isError ?? false
      ports.feed.toolFinished(n, call, result.result, isError)
      ports.emit({
        type: 'tool.finished',
        at: endedAt,
        task: fence.task,
        n,
        name: call.name,
        isError,
        ms: endedAt - startedAt,
      })
    }),
  )
  transcript.closeBatch()
}

/** What a tool throws likes to quote the request that failed: the journal, the model and readers get it without secrets. */
function withoutSecrets(outcome: ToolOutcome, hide: RunPorts['hide']): ToolOutcome {
  if (outcome.type === 'unknown') return { ...outcome, why: hide(outcome.why) }
  if (!outcome.isError || typeof outcome.result !== 'string') return outcome
  return { ...outcome, result: hide(outcome.result) }
}

/** The rows of calls that were under way when a run was cut: whether a `once` call took effect, nobody knows yet. */
export function cutCalls(transcript: Transcript, tools: readonly Tool[], reason: unknown, at: number): StepRecord[] {
  const steps: StepRecord[] = []
  for (const pending of transcript.pending) {
    const tool = tools.find(({ name }) => name === pending.call.name)
    if (!pending.started || pending.result !== null || tool?.effect !== 'once') continue
    // Handed back, it is asked for by `reconcile` when the task goes on; otherwise the row is its end.
    const handedBack = reason instanceof Interruption && reason.why === 'hand-back'
    const result = handedBack
      ? null
      : toResultPart(pending.call, { type: 'unknown', why: 'the task was cut while it ran' })
    steps.push(toolStep(pending, 'once', { startedAt: at, endedAt: at }, { state: 'unknown', result }))
  }
  return steps
}

interface PreparedCall {
  pending: PendingCall
  request: { call: PendingCall['call']; tool: Tool; input: unknown } | null
  /** What to tell the model when there is no request. */
  problem: string
}

async function prepare(pending: PendingCall, tools: readonly Tool[], signal: AbortSignal): Promise<PreparedCall> {
  const { call } = pending
  const tool = tools.find(({ name }) => name === call.name)
  if (tool === undefined) return { pending, request: null, problem: toolUnknown(call, tools) }
  const checked = await checkInput(tool, call.args, signal)
  if ('problem' in checked) return { pending, request: null, problem: checked.problem }
  return { pending, request: { call, tool, input: checked.input }, problem: '' }
}

/** Waits for all, so that no call outlives its batch unseen; then rejects with the first failure there was. */
async function allSettledOrThrow(calls: Promise<void>[]): Promise<void> {
  const settled = await Promise.allSettled(calls)
  const failed = settled.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
