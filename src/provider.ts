/** The port to an LLM service. */
import type { FilePart, ModelMessage } from './message.ts'
import type { JsonSchema } from './tool.ts'

export interface ToolDeclaration {
  name: string
  description: string
  inputJsonSchema: JsonSchema
}

/** One model call. The provider translates it and decides nothing. */
export interface ModelRequest {
  /** The service's own model name: what follows the first "/" of the reference. */
  model: string
  instructions: string
  /** Begins with a user message; every tool call has its result. */
  messages: readonly ModelMessage[]
  tools: readonly ToolDeclaration[]
  maxOutputTokens: number
}

export type FinishReason = 'stop' | 'tool-calls' | 'length' | 'filtered'

export type ModelEvent =
  | { type: 'text.delta'; text: string }
  | { type: 'reasoning.delta'; text: string }
  /** Complete: sent only once all of its arguments have arrived. `args` is parsed; text that is no JSON stays a string. */
  | { type: 'tool.call'; callId: string; name: string; args: unknown }
  | { type: 'usage'; inputTokens: number; outputTokens: number; cachedTokens?: number }
  | { type: 'finish'; reason: FinishReason }
  | { type: 'error'; error: ProviderError }

/** Why a model call failed, in terms of what to do next. */
export interface ProviderError {
  code:
    | 'provider_unavailable' // connect errors, cut connections, 5xx
    | 'provider_limited' // 429 that a wait cures
    | 'provider_quota' // 429 or 402 that only money cures
    | 'provider_denied' // 401, 403
    | 'provider_refused' // other 4xx
    | 'provider_timeout'
    | 'provider_truncated' // the stream ended without a finish reason and without [DONE]
  message: string
  hint?: string
  retryable: boolean
  /** How long the service asked to wait, ms. */
  retryAfterMs?: number
  status?: number
}

export interface ModelInfo {
  id: string
}

/** `detail` says who answered, such as the bot's name; `models` are those that a model service lists. */
export type Check =
  | { ok: true; latencyMs: number; detail?: string; models?: readonly string[] }
  | { ok: false; problem: string; hint?: string }

export interface ProviderCall {
  signal: AbortSignal
  key: string
  /** The bytes of a file that the messages name; null when they are kept no more. The runtime always gives it. */
  readFile?(part: FilePart): Promise<Uint8Array | null>
}

export interface Provider {
  /** As a configuration calls its type; for operators. */
  readonly type?: string
  /**
   * Makes one model call. Called by the run, once for each try; a try that is repeated has the same `key`.
   * Never throws and never retries: the last event is `finish` or `error`, with at most one `usage` before it.
   * When `signal` is aborted, it closes the connection and the iteration ends, with or without an event;
   * nobody waits for that, and what it says later is not heard.
   */
  stream(request: ModelRequest, call: ProviderCall): AsyncIterable<ModelEvent>
  /** Lists the models of the service. Called by a person's command; throws `AsyncvError`. */
  models?(signal?: AbortSignal): Promise<ModelInfo[]>
  /** Tells whether the service answers and accepts the credentials. Called by a person's command; does not throw. */
  test?(signal?: AbortSignal): Promise<Check>
  /** Closes kept connections. Called by `stop()`; a call may follow when the runtime is started again. */
  close?(): Promise<void>
}
