import type { Clock } from '../clock.ts'
import { AsyncvError } from '../errors.ts'
import { backoff } from '../internal/backoff.ts'

export interface PersistPorts {
  clock: Clock
  /** Aborted when nobody will be there to see the write succeed. */
  signal: AbortSignal
  /** Told of each refusal. */
  onFailure(error: AsyncvError): void
}

/**
 * Repeats a write until the disk takes it: what was done must not be forgotten because the disk was full for a while.
 * Gives up with the write's error when it is not retryable, or when `signal` is aborted.
 */
export async function persist<Value>(
  write: () => Promise<Value>,
  { clock, signal, onFailure }: PersistPorts,
): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof AsyncvError) || !error.retryable || signal.aborted) throw error
      onFailure(error)
      await clock.sleep(backoff(attempt, 100, 5_000), signal)
    }
  }
}
