import type { Clock } from '../clock.ts'
import { AsyncvError } from '../errors.ts'
import { unlessAborted } from '../internal/abandoning.ts'
import { backoff } from '../internal/backoff.ts'
import type { ToolCallPart } from '../message.ts'
import type { ModelCallOptions, Price } from '../options.ts'
import type { FinishReason, ModelRequest, Provider, ProviderCall, ProviderError } from '../provider.ts'
import type { Usage } from '../task.ts'
import type { LiveFeed } from './live.ts'

/** A model an agent may use: the reference it was named by, and what it leads to. */
export interface ModelChoice {
  reference: string
  provider: Provider
  model: string
  /** Null where none is configured. */
  price: Price | null
}

export interface ModelAnswer {
  reference: string
  price: Price | null
  text: string
  calls: ToolCallPart[]
  /** Null when the service did not tell. */
  usage: Usage | null
  reason: FinishReason
}

export interface ModelCallPorts {
  clock: Clock
  retry: Required<ModelCallOptions>
  feed: LiveFeed
  /** Waits for room for the files of the request, for one try; what it resolves with gives it back. Null without files. */
  hold: (() => Promise<() => void>) | null
  /** Told of each failed try that is followed by another. */
  onRetry(model: string, error: ProviderError, waitMs: number): void
}

/**
 * Makes one model call: tries each model in order, each as often as `retry` allows while its failures are retryable,
 * waiting as long as the service asks or as backoff says. Rejects with the last failure as an `AsyncvError`, or with the
 * signal's reason when that is aborted.
 */
export async function callModel(
  choices: readonly ModelChoice[],
  request: Omit<ModelRequest, 'model'>,
  call: Required<ProviderCall>,
  ports: ModelCallPorts,
): Promise<ModelAnswer> {
  let failure: ProviderError | null = null
  for (const choice of choices) {
    for (let attempt = 1; attempt <= ports.retry.maxAttempts; attempt++) {
      const once = () => tryOnce(choice, request, call, ports.feed)
      const result = await (ports.hold === null ? once() : holding(ports.hold, once))
      if ('reason' in result) return result
      failure = result
      if (!failure.retryable) break
      if (attempt === ports.retry.maxAttempts) break
      // Whoever wants more patience than we have is not waited for: the next model may answer at once.
      if ((failure.retryAfterMs ?? 0) > longestWaitMs) break
      const wait = backoff(attempt, ports.retry.backoffMs, ports.retry.maxBackoffMs)
      const waitMs = Math.max(wait, failure.retryAfterMs ?? 0)
      ports.onRetry(choice.reference, failure, waitMs)
      await ports.clock.sleep(waitMs, call.signal)
    }
  }
  throw asError(failure, choices)
}

/** Services name seconds for a burst, and hours for a quota. ms. */
const longestWaitMs = 120_000

async function holding<Result>(hold: () => Promise<() => void>, once: () => Promise<Result>): Promise<Result> {
  const release = await hold()
  return once().finally(release)
}

/** A provider of anybody's may not hear its signal: a task that is cut does not wait for it. */
async function tryOnce(
  choice: ModelChoice,
  request: Omit<ModelRequest, 'model'>,
  call: Required<ProviderCall>,
  feed: LiveFeed,
): Promise<ModelAnswer | ProviderError> {
  call.signal.throwIfAborted()
  return unlessAborted(call.signal, () => drain(choice, request, call, feed))
}

/** Drains one stream. Tool calls and text count only when it came to its finish. */
async function drain(
  choice: ModelChoice,
  request: Omit<ModelRequest, 'model'>,
  call: Required<ProviderCall>,
  feed: LiveFeed,
): Promise<ModelAnswer | ProviderError> {
  const { signal } = call
  feed.reset()
  const calls: ToolCallPart[] = []
  let text = ''
  let usage: Usage | null = null
  for await (const event of choice.provider.stream({ ...request, model: choice.model }, call)) {
    // Left behind, it is let go at its next word, which is nobody's any more.
    signal.throwIfAborted()
    switch (event.type) {
      case 'text.delta':
        text += event.text
        feed.write(event.text)
        break
      case 'reasoning.delta':
        feed.reason(event.text)
        break
      case 'tool.call':
        calls.push({ type: 'tool-call', callId: event.callId, name: event.name, args: event.args })
        break
      case 'usage':
        usage = usageOf(event)
        break
      case 'finish':
        return { reference: choice.reference, price: choice.price, text, calls, usage, reason: event.reason }
      case 'error':
        return event.error
    }
  }
  signal.throwIfAborted()
  return {
    code: 'provider_truncated',
    message: `${choice.reference}: the stream ended without a finish.`,
    retryable: true,
  }
}

/** A provider of anybody's may report nonsense, which would not fit the journal: then it has reported nothing. */
function usageOf({ inputTokens, outputTokens }: Usage): Usage | null {
  const counts = [inputTokens, outputTokens]
  return counts.every((count) => Number.isSafeInteger(count) && count >= 0) ? { inputTokens, outputTokens } : null
}

function asError(failure: ProviderError | null, choices: readonly ModelChoice[]): AsyncvError {
  if (failure === null) return new AsyncvError('internal', 'A model call had no model to try.')
  const tried = choices.map((choice) => choice.reference).join(', ')
  return new AsyncvError(failure.code, `Model ${tried}: ${failure.message}`, {
    retryable: failure.retryable,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  })
}
