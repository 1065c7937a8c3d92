/**
 * A message answered by an agent of a draft. Nothing of it is kept: the conversation is what the caller brings along, no
 * connector is started, and of the tools those run that change nothing.
 */
import type { ResolvedOptions } from '../config/resolve.ts'
import { AsyncvError } from '../errors.ts'
import type { LiveEvent } from '../event.ts'
import { deferred } from '../internal/deferred.ts'
import { textOf } from '../message.ts'
import type { PreviewEvent, PreviewInput } from '../releasing.ts'
import { CallFiles } from '../run/call-files.ts'
import { Interruption } from '../run/interruption.ts'
import { LiveFeed } from '../run/live.ts'
import type { RunnableAgent, RunPorts } from '../run/ports.ts'
import { run } from '../run/run.ts'
import { TokenScale } from '../run/tokens.ts'
import { defaultSpace } from '../session.ts'
import type { ClaimedTask } from '../storage.ts'
import type { Tool } from '../tool.ts'

type PreviewOptions = Pick<ResolvedOptions, 'clock' | 'modelCalls' | 'files' | 'vault'>

/** Yields what the agent writes, and its answer last; throws what a task would fail with. Aborted, it ends at once. */
export async function* preview(
  agent: RunnableAgent,
  { text, history = [] }: Pick<PreviewInput, 'text' | 'history'>,
  options: PreviewOptions,
  signal: AbortSignal,
): AsyncGenerator<PreviewEvent> {
  const { clock } = options
  const id = `preview-${clock.id()}`
  const events: LiveEvent[] = []
  let wake = deferred<void>()
  const feed = new LiveFeed(
    id,
    1,
    (event) => {
      add(events, event)
      wake.resolve()
    },
    () => {},
  )
  const interrupt = new AbortController()
  const leave = (): void => interrupt.abort(new Interruption('cancel', true))
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  const task = taskOf(id, agent.name, text, history)
  const running = run(task, { ...agent, tools: agent.tools.map(harmless) }, portsOf(feed, options), interrupt)
  let ended = false
  const over = running.finally(() => {
    ended = true
    wake.resolve()
  })
  over.catch(() => {}) // said below
  try {
    while (!ended || events.length > 0) {
      await wake.promise
      wake = deferred()
      yield* events.splice(0)
    }
    const outcome = await over
    if (outcome.type === 'done') {
      yield { type: 'preview.finished', text: textOf(outcome.reply), usage: outcome.transcript.usage }
      return
    }
    throw outcome.type === 'failed' ? outcome.error : new AsyncvError('cancelled', 'The preview was ended.')
  } finally {
    signal.removeEventListener('abort', leave)
    leave()
    await over.catch(() => {})
  }
}

/** A reader that is slow gets what was written meanwhile in one piece. */
function add(events: LiveEvent[], event: LiveEvent): void {
  const last = events.at(-1)
  if (event.type === 'text.delta' && last?.type === 'text.delta' && last.n === event.n) {
    events[events.length - 1] = { ...last, text: last.text + event.text }
  } else events.push(event)
}

function taskOf(id: string, agent: string, text: string, earlier: NonNullable<PreviewInput['history']>): ClaimedTask {
  return {
    id,
    session: id,
    address: `${id}:-`,
    agent,
    attempt: 1,
    crashes: 0,
    alone: false,
    destination: null,
    context: { person: null, space: defaultSpace, language: null, metadata: {}, earlier },
    message: { id, parts: [{ type: 'text', text }] },
    steps: [],
    draft: null,
    parts: 0,
    cancelRequested: false,
  }
}

/** What would change something says instead that it did not. */
function harmless(tool: Tool): Tool {
  if (tool.effect === 'read') return tool
  return { ...tool, effect: 'read', reconcile: null, run: () => `This is a preview: ${tool.name} was not run.` }
}

function portsOf(feed: LiveFeed, { clock, modelCalls, files, vault }: PreviewOptions): RunPorts {
  return {
    storage: { journal: async () => {}, absorb: async () => [], history: async () => [] },
    clock,
    feed,
    retry: modelCalls,
    tokens: new TokenScale(),
    emit: () => {},
    files: new CallFiles(files.maxCallBytes, async () => null),
    onAbsorbed: () => {},
    mayAbsorb: () => false,
    hide: (text) => vault.hide(text),
    persist: (write) => write(),
  }
}
