import type { Logger } from 'asyncv'

export interface Signals {
  /** Resolves at the first SIGINT or SIGTERM: end in good order. */
  first: Promise<void>
  /** Aborted by the second: hurry. */
  hurry: AbortSignal
  /** Gives the signals back, so that nothing holds the process. */
  release(): void
}

/**
 * What is one wish of a person may come twice: a terminal signals everybody in it, and npm passes on what it got. Only a
 * signal that comes later than this after the first is a second wish. ms.
 */
const oneWishMs = 1_000

/** From here on signals do not kill the process. */
export function listenForSignals(logger: Logger): Signals {
  const hurry = new AbortController()
  let firstAt: number | null = null
  let resolve = (): void => {}
  const first = new Promise<void>((resolveFirst) => {
    resolve = resolveFirst
  })
  const onSignal = (signal: string): void => {
    if (firstAt === null) {
      firstAt = performance.now()
      logger.info({ signal }, 'stopping: waiting for what is under way (once more to hurry)')
      resolve()
    } else if (performance.now() - firstAt >= oneWishMs && !hurry.signal.aborted) {
      logger.info({ signal }, 'in a hurry: handing back what is not done')
      hurry.abort()
    }
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    first,
    hurry: hurry.signal,
    release() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
