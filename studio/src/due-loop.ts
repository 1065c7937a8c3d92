/**
 * Works off rows of a table that are due. The table is what is true: a loop that died goes on where the table says. Whatever
 * writes such a row wakes the loop once it is committed; until then it sleeps till the next row is due.
 */
import type { Logger } from './logger.ts'

export interface DueWork<Job> {
  /** For the log, such as "pushing releases". */
  name: string
  /** What is due now, and when the next will be; null when nothing waits. */
  look(): Promise<{ due: readonly Job[]; nextAt: number | null }>
  /** Jobs of one key go one after another. */
  keyOf(job: Job): string
  /** Settles the row or puts it off. A rejection is a bug, or a disk that takes nothing: it is tried again later. */
  run(job: Job, signal: AbortSignal): Promise<void>
  now: () => number
  logger: Logger
}

export interface DueLoop {
  wake(): void
  /** Ends what runs and waits for that. */
  close(): Promise<void>
}

/** Of different keys. */
const atOnce = 16
/** After something that ought not to happen. ms. */
const pauseMs = 2_000
/** Timers longer than that are cut by Node; a clock that was set may be wrong by less. ms. */
const longestSleepMs = 60_000

export function startDueLoop<Job>({ name, look, keyOf, run, now, logger }: DueWork<Job>): DueLoop {
  const leaving = new AbortController()
  const running = new Map<string, Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | null = null
  let again = false

  function wake(): void {
    if (leaving.signal.aborted) return
    if (looking !== null) {
      again = true
      return
    }
    clearTimeout(timer)
    looking = begin()
      .catch((error: unknown) => {
        failed(error)
        return pauseMs
      })
      .then((sleepMs) => {
        looking = null
        if (leaving.signal.aborted) return
        if (again) {
          again = false
          return wake()
        }
        if (sleepMs !== null) timer = setTimeout(wake, sleepMs)
      })
  }

  /** Begins what is due and may begin. How long to sleep then; null until woken. */
  async function begin(): Promise<number | null> {
    const { due, nextAt } = await look()
    for (const job of due) {
      const key = keyOf(job)
      // Whoever ends wakes the loop, which then finds what had to wait.
      if (running.has(key) || running.size >= atOnce || leaving.signal.aborted) continue
      running.set(key, carryOut(job, key))
    }
    return nextAt === null ? null : Math.min(Math.max(nextAt - now(), 0), longestSleepMs)
  }

  async function carryOut(job: Job, key: string): Promise<void> {
    try {
      await run(job, leaving.signal)
    } catch (error) {
      failed(error)
      await paused(leaving.signal)
    }
    running.delete(key)
    wake()
  }

  function failed(error: unknown): void {
    if (!leaving.signal.aborted) logger.error({ stack: (error as Error)?.stack }, `${name} failed`)
  }

  wake()
  return {
    wake,
    async close() {
      leaving.abort()
      clearTimeout(timer)
      await looking
      await Promise.all(running.values())
    },
  }
}

function paused(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, pauseMs)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
