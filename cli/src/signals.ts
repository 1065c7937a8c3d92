import type { Logger } from 'asyncv'

export interface Signals {
  /** Resolves at the first SIGINT or SIGTERM: end in good order. */
  first: Promise<void>
  /** Aborted by the second: hurry. */
  hurry: AbortSignal
  /** Gives the signals back, so that nothing holds the process. */
  release(): void
}

/** From here on signals do not kill the process. */
export function listenForSignals(logger: Logger): Signals {
  const hurry = new AbortController()
  let count = 0
  let resolve = (): void => {}
  const first = new Promise<void>((resolveFirst) => {
    resolve = resolveFirst
  })
  const onSignal = (signal: string): void => {
    count++
    if (count === 1) {
      logger.info({ signal }, 'stopping: waiting for what is under way (once more to hurry)')
      resolve()
    } else if (count === 2) {
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
