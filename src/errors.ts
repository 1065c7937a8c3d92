/**
 * Every code an `AsyncvError` can carry, with the sentence that explains it in the reference.
 * Callers branch on the code; people read the message and the hint.
 */
export const errorCodes = {
  config_invalid: 'The configuration has an unknown key, a wrong type or a name that points nowhere.',
  input_invalid: 'A call or request has a value that cannot be accepted.',
  idempotency_conflict: 'The idempotency key was used before with another body.',
  agent_unknown: 'No agent has this name.',
  connector_unknown: 'No connector has this name.',
  provider_unknown: 'No provider has this name.',
  task_unknown: 'No task has this id.',
  message_unknown: 'No message has this id.',
  session_unknown: 'No session has this id.',
  delivery_unknown: 'No delivery has this id.',
  key_unknown: 'No API key has this id.',
  secret_unknown: 'The vault has no secret of this name.',
  secret_refused: 'The secret is not bound to where it would have been sent.',
  secret_unreadable: 'A secret of the vault cannot be read: its master key is another one, or its row was changed.',
  vault_keyless: 'The vault has no master key, so it keeps nothing.',
  release_unknown: 'No release that is kept has this number.',
  release_invalid: 'The release says what this runtime cannot be; nothing was changed.',
  release_untrusted: 'The release is not signed by a publisher that this runtime trusts, or not for it.',
  release_stale: 'The release does not follow what is in force, or is not newer than its publisher’s last one.',
  release_failed: 'A part of the release did not start; nothing was changed.',
  release_changed: 'The release in force is not the one that the request was made for.',
  releases_off: 'This runtime takes no releases.',
  trust_unusable: 'The trust list of this runtime cannot be used.',
  file_unknown: 'No file has this id, or it is kept no more.',
  file_too_large: 'The file is larger than the runtime keeps.',
  files_full: 'The files take as much room as they may; nothing was kept.',
  state_conflict: 'The task or delivery is in a state in which this cannot be done.',
  events_off: 'This runtime keeps no events.',
  events_gone: 'Events from that place on are kept no more.',
  overloaded: 'The inbox is at its limit; nothing was accepted.',
  not_running: 'The runtime was not started, or is stopping; nothing was accepted.',
  reply_timeout: 'The answer was not ready in time; the task goes on.',
  cancelled: 'The task was cancelled.',
  limit_reached: 'The task reached one of its agent’s limits.',
  task_poisonous: 'The process died three times while this task ran alone, so it is not tried again.',
  agent_gone: 'The agent of this task is no longer configured.',
  instructions_failed: 'The function that writes the agent’s instructions threw.',
  provider_unavailable: 'The model service could not be reached, or answered with a server error.',
  provider_limited: 'The model service limits requests, and went on doing so.',
  provider_quota: 'The account at the model service has no credit left.',
  provider_denied: 'The model service does not accept the credentials.',
  provider_refused: 'The model service refused the request.',
  provider_timeout: 'The model service did not answer in time.',
  provider_truncated: 'The model’s stream ended before its answer was complete.',
  connector_failed: 'The chat platform refused a call.',
  egress_refused: 'This address is none that may be reached from here.',
  storage_unreadable: 'The database file cannot be opened.',
  storage_locked: 'Another program holds a lock on the database.',
  storage_in_use: 'Another asyncv owns the database.',
  storage_newer: 'The database was written by a newer version.',
  storage_changed: 'The database was migrated by other statements than this program has.',
  storage_driver_missing: 'No SQLite driver could be loaded.',
  storage_failed: 'The database could not commit; nothing of the transaction is kept.',
  internal: 'A bug in asyncv.',
} as const

export type ErrorCode = keyof typeof errorCodes

/** What is wrong at a place of a document that was handed in. */
export interface Problem {
  /** A JSON pointer (RFC 6901). */
  pointer: string
  detail: string
}

export interface AsyncvErrorOptions {
  /** The way out, as a sentence. */
  hint?: string
  /** Whether the same call may succeed later. Default: false. */
  retryable?: boolean
  /** The task that failed, where there is one. */
  task?: string
  /** Where a document that was handed in is wrong, each with a JSON pointer (RFC 6901). */
  problems?: readonly Problem[]
  cause?: unknown
}

/**
 * What every part of asyncv throws. The message names the place and the value; it never holds a secret or the body of
 * a message, so it can be logged and shown.
 */
export class AsyncvError extends Error {
  override readonly name = 'AsyncvError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly retryable: boolean
  readonly task: string | undefined
  readonly problems: readonly Problem[] | undefined

  constructor(code: ErrorCode, message: string, options: AsyncvErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.retryable = options.retryable ?? false
    this.task = options.task
    this.problems = options.problems
  }

  /** What may leave the process: no cause, no stack. */
  toJSON(): ErrorRecord {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.retryable ? { retryable: true } : {}),
      ...(this.task === undefined ? {} : { task: this.task }),
    }
  }

  static from(record: ErrorRecord): AsyncvError {
    return new AsyncvError(record.code, record.message, record)
  }
}

/** An error as it is stored with a task or delivery and sent over the wire. */
export interface ErrorRecord {
  code: ErrorCode
  message: string
  hint?: string
  retryable?: boolean
  task?: string
}

/** Any thrown value as an error record; what is not ours is `internal` and keeps its message. */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (error instanceof AsyncvError) return error.toJSON()
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) }
}
