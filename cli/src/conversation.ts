import { randomUUID } from 'node:crypto'
import { AsyncvError, createAsyncv, type StreamEvent } from 'asyncv'
import { loadSettings } from './settings.ts'
import { readEvents } from './sse.ts'

export type Said = StreamEvent | { type: 'error'; message: string; hint?: string } | { type: 'cancelled' }

/** One conversation with an agent, wherever the agent runs. */
export interface Conversation {
  /** Whom one talks to, for people. */
  partner: string
  /** Says something and yields what comes back. Aborting cancels the task. A failure is an `error`, not a throw. */
  say(text: string, signal: AbortSignal): AsyncIterable<Said>
  close(): Promise<void>
}

export interface ConversationOptions {
  agent: string | undefined
  session: string | undefined
}

/** With the agent of a service. */
export function overHttp(
  url: string,
  { agent = 'assistant', session = randomUUID() }: ConversationOptions,
): Conversation {
  const post = (path: string, body: object, signal?: AbortSignal): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    })
  return {
    partner: `${agent} at ${url}`,
    async *say(text, signal) {
      const response = await post(`/v1/agents/${encodeURIComponent(agent)}/messages`, { session, text })
      if (!response.ok || response.body === null) {
        yield toError(await response.json().catch(() => ({})))
        return
      }
      let task: string | null = null
      let cancelled = false
      const cancel = (): void => {
        cancelled = true
        if (task !== null) void post(`/v1/tasks/${task}/cancel`, {}).catch(() => {})
      }
      signal.addEventListener('abort', cancel, { once: true })
      for await (const { event, data } of readEvents(response.body)) {
        const parsed = JSON.parse(data) as StreamEvent
        if (parsed.type === 'task.accepted') task = parsed.task
        if (event !== 'error') yield parsed
        else yield cancelled ? { type: 'cancelled' } : toError(parsed)
      }
      signal.removeEventListener('abort', cancel)
    },
    close: async () => {},
  }
}

/** With an agent in this process, when no service runs here. */
export async function embedded(options: ConversationOptions, env: NodeJS.ProcessEnv): Promise<Conversation> {
  const settings = await loadSettings({}, env)
  // A chat that was opened to talk must not take over the bots of the configuration.
  const asyncv = createAsyncv({ ...settings.asyncv, connectors: {}, routes: [] })
  await asyncv.start()
  const { agent = settings.agents[0] ?? 'assistant', session = randomUUID() } = options
  return {
    partner: `${agent} (no service is running, so it runs here; ${settings.story.join(' ')})`,
    async *say(text, signal) {
      let task: string | null = null
      const cancel = (): void => {
        if (task !== null) void asyncv.cancel(task)
      }
      signal.addEventListener('abort', cancel, { once: true })
      try {
        for await (const event of asyncv.stream({ agent, session, text })) {
          if (event.type === 'task.accepted') task = event.task
          yield event
        }
      } catch (error) {
        yield error instanceof AsyncvError && error.code === 'cancelled' ? { type: 'cancelled' } : toError(error)
      }
      signal.removeEventListener('abort', cancel)
    },
    close: () => asyncv.stop(),
  }
}

/** A problem document or an error, as people read it. */
function toError(problem: unknown): Said {
  const { detail, message, hint } = problem as { detail?: string; message?: string; hint?: string }
  const text = detail ?? message ?? 'The service answered with something that is no answer.'
  return hint === undefined ? { type: 'error', message: text } : { type: 'error', message: text, hint }
}
