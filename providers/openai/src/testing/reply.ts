/** What a fake model is asked, and what a script can make it do. */

/** The body of `POST /v1/chat/completions`, as far as the fake looks at it. */
export interface ChatRequest {
  model: string
  messages: ChatRequestMessage[]
  tools?: { type: 'function'; function: { name: string; description?: string; parameters?: unknown } }[]
  stream?: boolean
  stream_options?: { include_usage?: boolean }
  max_tokens?: number
  max_completion_tokens?: number
}

export interface ChatRequestMessage {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool'
  content?: string | readonly { type: string; [field: string]: unknown }[] | null
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[]
  tool_call_id?: string
}

/** The text of a message, its text parts joined; a picture says nothing. */
export function wordsOf({ content }: ChatRequestMessage): string {
  if (typeof content === 'string') return content
  return (content ?? []).map(({ text }) => (typeof text === 'string' ? text : '')).join('')
}

/** An answer of the model; with every field left out it is an empty one. */
export interface Answer {
  text?: string
  /** The deltas the text is streamed in, instead of one a word. */
  chunks?: readonly string[]
  reasoning?: string
  /** Each is streamed as its name and then its arguments in two pieces. `args` that are a string are sent as they are. */
  toolCalls?: readonly { id?: string; name: string; args: unknown }[]
  /** Default: words, as a stand-in for tokens. `null`: the service does not tell. */
  usage?: { inputTokens: number; outputTokens: number; cachedTokens?: number } | null
  /** Default: `tool_calls` with calls, else `stop`. */
  finishReason?: string
  /** Before the head of the response. ms, default 0; `Infinity` never answers. */
  delayMs?: number
  /** Before each chunk but the first. ms, default 0: all chunks leave in one write. */
  chunkDelayMs?: number
  fault?: Fault
}

/** How a streamed answer goes wrong. `afterChunks` counts the deltas that are still sent. */
export type Fault =
  | { type: 'cut'; afterChunks: number } // the connection breaks
  | { type: 'close'; afterChunks: number } // the response ends in good order, without finish reason and `[DONE]`
  | { type: 'stall'; afterChunks: number } // nothing more is sent
  | { type: 'garbage'; afterChunks: number } // a line that is no JSON
  | { type: 'error'; afterChunks: number; error: unknown } // an error object inside the stream
  | { type: 'no-done' } // a finish reason, but no `[DONE]`
  | { type: 'done-only' } // `[DONE]`, but no finish reason

/** A response that is no answer: any status, any body. An object is sent as JSON. */
export interface Refusal {
  status: number
  headers?: Record<string, string>
  body?: unknown
  delayMs?: number
}

/** Bytes sent as they are, such as a recorded stream; each piece is written on its own. */
export interface Recording {
  raw: readonly (string | Uint8Array)[]
  contentType?: string
}

export type Reply = Answer | Refusal | Recording

/** The error body of the service. Source: platform.openai.com/docs/guides/error-codes. */
export function errorBody(message: string, type: string, code: string | null = null): { error: object } {
  return { error: { message, type, param: null, code } }
}
