import { type SendFailure, SendError } from '../connector.ts'
import type { Outgoing } from '../delivery.ts'
import type { ErrorRecord } from '../errors.ts'
import { backoff } from '../internal/backoff.ts'
import type { OutboxOptions } from '../options.ts'
import type { Settlement } from '../storage.ts'

/** What a rejected `send` means, without secrets. Whatever a connector did not classify may have happened. */
export function failureOf(error: unknown, hide: (text: string) => string): SendFailure {
  if (error instanceof SendError) return { ...error.failure, message: hide(error.failure.message) }
  return { type: 'uncertain', message: hide(error instanceof Error ? error.message : String(error)) }
}

/**
 * What becomes of a delivery whose try failed. A state machine's arrows from `sending`, all but the one to `sent`. `sent` is
 * false when the try came to nothing before a send: an earlier one may have arrived, and that could not be found out.
 */
export function settlementOf(
  failure: SendFailure,
  delivery: Pick<Outgoing, 'attempt' | 'createdAt' | 'retriedAt' | 'target'>,
  options: Required<OutboxOptions>,
  now: number,
  sent: boolean,
): Settlement {
  const error: ErrorRecord = { code: 'connector_failed', message: failure.message }
  if (sent && failure.type === 'refused') return { type: 'dead', error, counted: false }
  // Where there was no message to edit, it is the place that is gone: posting anew would fail like this for ever.
  if (sent && failure.type === 'gone' && delivery.target === null) return { type: 'dead', error, counted: false }
  const wait = backoff(delivery.attempt, options.backoffMs, options.maxBackoffMs)
  const tooOld = now - (delivery.retriedAt ?? delivery.createdAt) >= options.deliveryMaxAgeMs
  const tooOften = delivery.attempt >= options.maxAttempts
  // An edit is harmless to repeat: nobody can tell whether it was made once or twice.
  const harmless = delivery.target !== null
  const doubtful = !harmless && (!sent || failure.type === 'uncertain')
  const counted = doubtful && sent
  if (doubtful && options.onUncertain === 'hold') return { type: 'held', error, counted }
  if (tooOld || tooOften) return { type: 'dead', error, counted }
  if (failure.type === 'gone' && !doubtful) return { type: 'repost', error }
  const asked = failure.type === 'not-sent' ? (failure.retryAfterMs ?? 0) : 0
  const nextAt = now + Math.max(wait, asked)
  return doubtful ? { type: 'uncertain', nextAt, error, counted } : { type: 'retrying', nextAt, error }
}
