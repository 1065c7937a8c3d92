import type { ModelEvent, ModelRequest, Provider, ProviderError } from '../provider.ts'

/** What the model does at one call. A string is an answer. */
export type ScriptedReply =
  | string
  | {
      /** What it writes; a list comes in as many deltas. */
      text?: string | readonly string[]
      toolCalls?: readonly { name: string; args: unknown }[]
      /** It fails, after what it wrote. */
      error?: Partial<ProviderError>
      /** Pause before the first event, ms. */
      delayMs?: number
      usage?: { inputTokens: number; outputTokens: number }
    }

export interface ScriptedProvider extends Provider {
  /** Every call that was made, the newest last. */
  readonly requests: readonly ModelRequest[]
}

/**
 * A provider for tests: plays replies in their order, or asks a function for each. A call past the end of the list fails
 * and says so.
 */
export function scripted(
  replies: readonly ScriptedReply[] | ((request: ModelRequest, n: number) => ScriptedReply | Promise<ScriptedReply>),
): ScriptedProvider {
  const requests: ModelRequest[] = []
  return {
    requests,
    async *stream(request, { signal }) {
      // The caller goes on adding to its list of messages.
      requests.push({ ...request, messages: [...request.messages] })
      const n = requests.length
      const reply = typeof replies === 'function' ? await replies(request, n) : (replies[n - 1] ?? pastTheEnd(n))
      yield* play(typeof reply === 'string' ? { text: reply } : reply, n, signal)
    },
  }
}

async function* play(
  reply: Exclude<ScriptedReply, string>,
  n: number,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  if (reply.delayMs !== undefined) await pause(reply.delayMs, signal)
  for (const text of typeof reply.text === 'string' ? [reply.text] : (reply.text ?? [])) {
    if (signal.aborted) return
    yield { type: 'text.delta', text }
  }
  if (reply.error !== undefined) {
    yield {
      type: 'error',
      error: { code: 'provider_unavailable', message: 'scripted failure', retryable: false, ...reply.error },
    }
    return
  }
  for (const [index, { name, args }] of (reply.toolCalls ?? []).entries()) {
    yield { type: 'tool.call', callId: `call_${n}_${index}`, name, args }
  }
  if (reply.usage !== undefined) yield { type: 'usage', ...reply.usage }
  yield { type: 'finish', reason: (reply.toolCalls ?? []).length > 0 ? 'tool-calls' : 'stop' }
}

function pastTheEnd(n: number): ScriptedReply {
  return { error: { code: 'provider_refused', message: `The script has no reply for call ${n}.` } }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
