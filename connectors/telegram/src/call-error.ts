/** How a call of the Bot API failed, in terms of what Telegram may have done. */
export type CallFailure =
  /** Nothing of it was written: no connection, or given up before there was one. */
  | { type: 'unsent'; origin: string }
  /** It was written, and no whole answer came. */
  | { type: 'cut'; origin: string }
  /** An answer that is none of the Bot API's: from a gateway, a proxy, a captive portal. */
  | { type: 'foreign'; status: number }
  /** Telegram said no (core.telegram.org/bots/api#responseparameters). */
  | { type: 'refused'; code: number; description: string; retryAfterMs?: number }

export class CallError extends Error {
  override readonly name = 'CallError'
  readonly failure: CallFailure

  constructor(method: string, failure: CallFailure, cause?: Error) {
    super(messageOf(method, failure, cause), cause === undefined ? undefined : { cause })
    this.failure = failure
  }
}

function messageOf(method: string, failure: CallFailure, cause: Error | undefined): string {
  const because = cause === undefined ? '' : `: ${cause.message || (cause as NodeJS.ErrnoException).code}`
  switch (failure.type) {
    case 'unsent':
      return `Telegram ${method}: could not reach ${failure.origin}${because}.`
    case 'cut':
      return `Telegram ${method}: ${failure.origin} gave no whole answer${because}.`
    case 'foreign':
      return `Telegram ${method}: HTTP ${failure.status}, but not from the Bot API.`
    case 'refused':
      return `Telegram ${method}: ${failure.code} ${failure.description}.`
  }
}
