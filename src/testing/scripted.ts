import type { FinishReason, ModelEvent, ModelRequest, Provider, ProviderError } from '../provider.ts'

/** What a scripted model says in one call. A string is a text and nothing else. */
export type ScriptedReply =
  | string
  | {
      /** A list is streamed as its pieces, a string as one. */
      text?: string | readonly string[]
      toolCalls?: readonly { name: string; args: unknown; callId?: string }[]
      usage?: { inputTokens: number; outputTokens: number; cachedTokens?: number }
      /** Default: `tool-calls` with calls, else `stop`. */
      reason?: FinishReason
      /** The call fails after its text; calls, usage and reason are not reached. */
      error?: ProviderError
      /** Before the first piece and between pieces. ms, default 0; `Infinity` waits for the signal. */
      delayMs?: number
    }

export interface ScriptedProvider extends Provider {
  /** What was asked, in the order of the calls. */
  readonly requests: readonly ModelRequest[]
}

/**
 * A provider that says what a test tells it to, in no time and without a network.
 *
 * A list is played from its beginning, one reply a call; the call after the last one fails with `provider_refused`. A
 * function is asked for each call, `n` counted from 1.
 *
 * ```ts
 * const model = scripted([{ toolCalls: [{ name: 'refund', args: { orderId: '7' } }] }, 'Refunded.'])
 * ```
 */
export function scripted(
  replies: readonly ScriptedReply[] | ((request: ModelRequest, n: number) => ScriptedReply | Promise<ScriptedReply>),
): ScriptedProvider {
  const requests: ModelRequest[] = []
  const replyTo = typeof replies === 'function' ? replies : (_: ModelRequest, n: number) => replies[n - 1] ?? ended(n)
  return {
    requests,
    async *stream(request, { signal }) {
      // The messages are copied: a run goes on to add to its list.
      const n = requests.push({ ...request, messages: [...request.messages] })
      const reply = await replyTo(request, n)
      yield* play(typeof reply === 'string' ? { text: reply } : reply, n, signal)
    },
    models: async () => [{ id: 'scripted' }],
    test: async () => ({ ok: true, latencyMs: 0 }),
  }
}

async function* play(
  { text = [], toolCalls = [], usage, reason, error, delayMs = 0 }: Exclude<ScriptedReply, string>,
  n: number,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const pieces = typeof text === 'string' ? [text] : text
  if (pieces.length === 0) await pause(delayMs, signal)
  for (const piece of pieces) {
    await pause(delayMs, signal)
    if (signal.aborted) return
    yield { type: 'text.delta', text: piece }
  }
  if (signal.aborted) return
  if (error !== undefined) return yield { type: 'error', error }
  for (const [index, { name, args, callId = `call_${n}_${index}` }] of toolCalls.entries()) {
    yield { type: 'tool.call', callId, name, args }
  }
  if (usage !== undefined) yield { type: 'usage', ...usage }
  yield { type: 'finish', reason: reason ?? (toolCalls.length > 0 ? 'tool-calls' : 'stop') }
}

function ended(n: number): ScriptedReply {
  const message = `The script has no reply for call ${n}.`
  return { error: { code: 'provider_refused', message, retryable: false } }
}

/** Resolves when the time has come or the signal is aborted, whichever is first. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
