import { type Asyncv, AsyncvError } from 'asyncv'

export interface Patience {
  /** Ends the wait at once: whoever wants the process to stop wants no start any more. */
  signal: AbortSignal
  /** How long it may take. ms; default: as long as it does. */
  ms?: number | null
  /** When that time begins. Default: at once. */
  from?: Promise<void>
}

/**
 * Starts a runtime that something may hold up which is not ours, such as a platform. Rejects when it is not waited for any
 * longer; then nothing of it runs.
 */
export async function startWithin(
  asyncv: Pick<Asyncv, 'start' | 'stop'>,
  { signal, ms = null, from = Promise.resolve() }: Patience,
): Promise<void> {
  let why: AsyncvError | null = null
  const giveUp = (reason: string): void => {
    why ??= new AsyncvError('not_running', reason, { retryable: true })
    void asyncv.stop({ drainMs: 0 }).catch(() => {})
  }
  const leave = (): void => giveUp('It had not started when it was to stop.')
  let timer: NodeJS.Timeout | undefined
  let over = false
  if (ms !== null) {
    void from.then(() => {
      if (!over) timer = setTimeout(() => giveUp(`It had not started within ${ms / 1_000} s.`), ms)
    })
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    if (!signal.aborted) await asyncv.start()
    else leave()
  } catch (error) {
    throw why ?? error
  } finally {
    over = true
    clearTimeout(timer)
    signal.removeEventListener('abort', leave)
  }
  if (why === null) return
  // It was ready in the moment in which it was given up.
  await asyncv.stop({ drainMs: 0 })
  throw why as AsyncvError
}
