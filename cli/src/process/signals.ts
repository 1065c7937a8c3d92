import type { Logger } from 'asyncv'
import { isatty } from 'node:tty'

/** What whoever runs the process wants of it. */
export type Wish = 'reload' | 'stop'

export interface Signals {
  /** Resolves with the next wish; several of one kind that came meanwhile are one. After `stop` there is no other. */
  next(): Promise<Wish>
  /** Aborted by the first SIGINT or SIGTERM: end in good order. Its reason is the signal's name. */
  stop: AbortSignal
  /** Aborted by the second: hurry. */
  hurry: AbortSignal
  /** As if that signal had come. */
  end(signal: 'SIGINT' | 'SIGTERM'): void
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
  const stop = new AbortController()
  const hurry = new AbortController()
  const inTerminal = isatty(0)
  let stoppedAt = 0
  let reload = false
  let notice = (): void => {}

  function onStop(signal: string): void {
    if (!stop.signal.aborted) {
      stoppedAt = performance.now()
      logger.info({ signal }, 'stopping: waiting for what is under way (once more to hurry)')
      stop.abort(signal)
      notice()
    } else if (performance.now() - stoppedAt >= oneWishMs && !hurry.signal.aborted) {
      logger.info({ signal }, 'in a hurry: handing back what is not done')
      hurry.abort()
    }
  }

  function onHangup(signal: string): void {
    // A terminal that is closed says so with the same signal, and takes what runs in it along.
    if (inTerminal && !isatty(0)) return onStop(signal)
    reload = true
    notice()
  }

  process.on('SIGINT', onStop)
  process.on('SIGTERM', onStop)
  process.on('SIGHUP', onHangup)
  return {
    async next() {
      if (!stop.signal.aborted && !reload) await new Promise<void>((resolve) => (notice = resolve))
      if (stop.signal.aborted) return 'stop'
      reload = false
      return 'reload'
    },
    stop: stop.signal,
    hurry: hurry.signal,
    end: onStop,
    release() {
      process.off('SIGINT', onStop)
      process.off('SIGTERM', onStop)
      process.off('SIGHUP', onHangup)
    },
  }
}
