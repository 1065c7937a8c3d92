import { randomUUID } from 'node:crypto'
import type { StreamEvent, Usage } from 'asyncv'
import { type FoundService, identifiedBy } from './service.ts'
import { readEvents } from './sse.ts'
import { words } from '../words/spoken.ts'

export type Said =
  | StreamEvent
  | { type: 'preview.finished'; text: string; usage: Usage }
  | { type: 'error'; message: string; hint?: string }
  | { type: 'cancelled' }

/** One conversation with an agent, wherever the agent runs. */
export interface Conversation {
  /** Whom one talks to, in lines for people. */
  introduction: string[]
  /** Says something and yields what comes back. Aborting cancels the task. A failure is an `error`, not a throw. */
  say(text: string, signal: AbortSignal): AsyncIterable<Said>
  /** What is said at the end, in lines for people. Default: nothing. */
  farewell?(): string[]
  close(): Promise<void>
}

export interface ConversationOptions {
  agent: string
  /** Default: a new one. */
  session: string | undefined
}

/** With the agent of a service. */
export function overHttp(
  { url, key }: FoundService,
  { agent, session = randomUUID() }: ConversationOptions,
): Conversation {
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      // Elsewhere the key would be left behind, and the message not.
      redirect: 'manual',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...identifiedBy(key) },
      body: JSON.stringify(body),
    })

  async function* events(text: string, signal: AbortSignal): AsyncGenerator<Said> {
    const response = await post(`/v1/agents/${encodeURIComponent(agent)}/messages`, { session, text })
    if (!response.ok || response.body === null) {
      yield toError(await response.json().catch(() => ({})))
      return
    }
    let task: string | null = null
    const cancel = (): void => {
      // One that cannot be cancelled any more answers all the same.
      if (task !== null) void post(`/v1/tasks/${task}/cancel`, {}).catch(() => {})
    }
    signal.addEventListener('abort', cancel, { once: true })
    try {
      for await (const { event, data } of readEvents(response.body)) {
        const parsed = JSON.parse(data) as StreamEvent
        if (parsed.type === 'task.accepted') {
          task = parsed.task
          // Asked for before there was a task to cancel.
          if (signal.aborted) cancel()
        }
        if (event !== 'error') yield parsed
        else yield signal.aborted ? { type: 'cancelled' } : toError(parsed)
      }
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  return {
    introduction: [words.chat.talkingAt(agent, url)],
    async *say(text, signal) {
      try {
        yield* events(text, signal)
      } catch {
        // Of fetch and of its body: what they say ("fetch failed", "terminated") helps nobody.
        yield {
          type: 'error',
          message: words.chat.gone(url),
          hint: words.chat.goneHint,
        }
      }
    },
    close: async () => {},
  }
}

/** A problem document or an error, as people read it. */
export function toError(problem: unknown): Said {
  const { detail, message, hint } = problem as { detail?: string; message?: string; hint?: string }
  const text = detail ?? message ?? words.chat.noAnswer
  return hint === undefined ? { type: 'error', message: text } : { type: 'error', message: text, hint }
}
