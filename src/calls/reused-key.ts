import { AsyncvError } from '../errors.ts'

/** A key stands for one body, whoever repeats it: a message of a caller, or a delivery of the program. */
export function keyUsed(key: string | undefined): AsyncvError {
  return new AsyncvError(
    'idempotency_conflict',
    `The idempotency key ${JSON.stringify(key)} was used with another body.`,
    {
      hint: 'Use a new key for a new message; repeat a call with exactly the same body.',
    },
  )
}

/** The key outlives what was said under it (`retention`). */
export function answerGone(key: string | undefined): AsyncvError {
  return new AsyncvError(
    'idempotency_conflict',
    `The message with the idempotency key ${JSON.stringify(key)} was answered before; its answer is kept no more.`,
    { hint: 'Use a new key to ask again.' },
  )
}
