/** The protocol's chunks as model events; the same for a stream and a whole answer, and for both transports. Pure. */
import type { FinishReason, ModelEvent, ProviderError } from 'asyncv'
import { errorInside, type Service, truncated, unreadable } from './errors.ts'
import { TextPattern } from './text-pattern.ts'
import { type ToolCallDelta, ToolCalls } from './tool-calls.ts'

/** What is looked at in a chunk or a whole answer. Every field may be missing or of another type: see `#take`. */
interface Chunk {
  error?: unknown
  object?: unknown
  choices?: { delta?: Delta | null; message?: Delta | null; finish_reason?: unknown }[] | null
  usage?: ChunkUsage | null
}

interface Delta {
  content?: unknown
  /** OpenAI's models put here what they say instead of an answer. */
  refusal?: unknown
  /** DeepSeek, vLLM and others; `reasoning` is what OpenRouter, Groq and Ollama call it. */
  reasoning_content?: unknown
  reasoning?: unknown
  tool_calls?: ToolCallDelta[] | null
}

interface ChunkUsage {
  prompt_tokens?: unknown
  completion_tokens?: unknown
  prompt_tokens_details?: { cached_tokens?: unknown } | null
}

/** Reads one answer. `emit` gets its events; the last one is `finish` or `error`, and nothing follows it. */
export class AnswerReader {
  readonly #service: Service
  readonly #key: string
  readonly #emit: (event: ModelEvent) => void
  readonly #calls = new ToolCalls()
  readonly #pattern = new TextPattern()
  #usage: ChunkUsage | null = null
  #reason: string | null = null
  #ending = false
  #over = false

  /** `key` names calls to which the service gave no id. */
  constructor(service: Service, key: string, emit: (event: ModelEvent) => void) {
    this.#service = service
    this.#key = key
    this.#emit = emit
  }

  /** The last event was emitted. */
  get over(): boolean {
    return this.#over
  }

  /** One data string of a stream. */
  readData(data: string): void {
    if (this.#over) return
    if (data === '[DONE]') return this.#finish()
    const text = this.#pattern.textOf(data)
    if (text !== null) return this.#emit({ type: 'text.delta', text })
    const chunk = parsed(data)
    if (chunk !== null) {
      this.#take(chunk)
      const alone = textAlone(chunk)
      if (alone !== null) this.#pattern.learn(data, alone)
    } else if (!this.#ending) this.fail(unreadable(this.#service, 'a chunk that is not JSON'))
  }

  /** What comes now is what was left when the stream ended: a chunk that is not whole is no garbage, it was cut. */
  expectRest(): void {
    this.#ending = true
  }

  /** The body of an answer that was not streamed. */
  readWhole(body: string): void {
    const answer = parsed(body)
    if (answer === null) return this.fail(unreadable(this.#service, 'an answer that is not JSON'))
    this.#take(answer)
    if (this.#over) return
    if (!Array.isArray(answer.choices)) this.fail(unreadable(this.#service, 'an answer without choices'))
    else this.#finish()
  }

  /**
   * No more data comes, in good order or with `failure`. An answer that had said why it finished is complete; so a
   * connection that breaks while the token counts are on their way costs only these.
   */
  end(failure: ProviderError = truncated(this.#service)): void {
    if (this.#over) return
    if (this.#reason === null) this.fail(failure)
    else this.#finish()
  }

  /** Ends the answer with an error, whatever was read. */
  fail(error: ProviderError): void {
    if (this.#over) return
    this.#over = true
    this.#emit({ type: 'error', error })
  }

  #take(chunk: Chunk): void {
    if (chunk.error !== undefined && chunk.error !== null) return this.fail(errorInside(this.#service, chunk.error))
    if (chunk.object === 'error') return this.fail(errorInside(this.#service, chunk))
    // Alone in the last chunk, with the last choice, or counted up in every chunk: the last one is the sum.
    if (typeof chunk.usage === 'object' && chunk.usage !== null) this.#usage = chunk.usage
    // Only one choice is ever asked for. Chunks without any carry the usage, or Azure's content filter.
    const choice = chunk.choices?.[0]
    if (typeof choice !== 'object' || choice === null) return
    const delta = choice.delta ?? choice.message
    if (typeof delta === 'object' && delta !== null) this.#takeDelta(delta)
    if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') this.#reason = choice.finish_reason
  }

  #takeDelta(delta: Delta): void {
    const { content, refusal, reasoning_content: reasoningContent, reasoning, tool_calls: calls } = delta
    const thought = typeof reasoningContent === 'string' ? reasoningContent : reasoning
    if (typeof thought === 'string' && thought !== '') this.#emit({ type: 'reasoning.delta', text: thought })
    if (typeof content === 'string' && content !== '') this.#emit({ type: 'text.delta', text: content })
    else if (typeof refusal === 'string' && refusal !== '') this.#emit({ type: 'text.delta', text: refusal })
    if (Array.isArray(calls)) for (const call of calls) this.#calls.add(call)
  }

  #finish(): void {
    // `[DONE]` without a reason does not say whether the arguments are whole; half of them must not leave.
    if (this.#reason === null && !this.#calls.whole) return this.fail(truncated(this.#service))
    const reason = finishReason(this.#reason, this.#calls.size > 0)
    if (reason === null) {
      return this.fail(errorInside(this.#service, { message: `the answer finished with "${this.#reason}"` }))
    }
    this.#over = true
    // Stopped in the middle, the last call is a part of one, and the others are a part of what the model wanted.
    if (reason === 'tool-calls') for (const event of this.#calls.events(this.#key)) this.#emit(event)
    const usage = usageEvent(this.#usage)
    if (usage !== null) this.#emit(usage)
    this.#emit({ type: 'finish', reason })
  }
}

/** Null for the reasons that are failures of the service. */
function finishReason(reason: string | null, hasCalls: boolean): FinishReason | null {
  switch (reason) {
    case 'length':
      return 'length'
    case 'content_filter':
      return 'filtered'
    case 'error': // OpenRouter
    case 'insufficient_system_resource': // DeepSeek
      return null
    default:
      // Services say "stop" with calls, "tool_calls" without, "eos", "end_turn": what is there decides.
      return hasCalls ? 'tool-calls' : 'stop'
  }
}

function usageEvent(usage: ChunkUsage | null): ModelEvent | null {
  if (usage === null) return null
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage
  if (typeof inputTokens !== 'number' || typeof outputTokens !== 'number') return null
  const cachedTokens = usage.prompt_tokens_details?.cached_tokens
  return { type: 'usage', inputTokens, outputTokens, ...(typeof cachedTokens === 'number' ? { cachedTokens } : {}) }
}

/** The text of a chunk that brings nothing else. */
function textAlone({ error, object, usage, choices }: Chunk): string | null {
  const choice = choices?.[0]
  const delta = choice?.delta
  if (error || object === 'error' || usage || !delta || choice.finish_reason) return null
  const { content, reasoning, reasoning_content: reasoningContent, tool_calls: calls } = delta
  const alone = typeof content === 'string' && content !== '' && !reasoning && !reasoningContent && !calls
  return alone ? content : null
}

function parsed(json: string): Chunk | null {
  try {
    const value: unknown = JSON.parse(json)
    // A border: every field of a chunk is looked at before it is believed.
    return typeof value === 'object' && value !== null ? (value as Chunk) : null
  } catch {
    return null
  }
}
