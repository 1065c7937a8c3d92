import { eventsOf } from './event-stream.ts'
import { ConnectionLost, Problem } from './problem.ts'
import { type RequestOptions, send } from './request.ts'
import { takePlace } from './stream-places.ts'

export interface StreamOptions {
  query?: RequestOptions['query']
  /** Names of events to hear; unnamed ones are `message`. */
  events: readonly string[]
  /**
   * Under which query an ended stream is told the last id; `lastEventId` is what Studio's own streams know. False: it begins
   * anew, and the page reads again what it shows. Default `lastEventId`.
   */
  resume?: 'lastEventId' | 'after' | false
  /** Each event, its data parsed from JSON; what is not JSON is passed over. */
  onEvent(name: string, data: unknown, id: string): void
  /** Each time the stream is open: at once, or (`again`) after it was lost or had to wait, when what was missed can be read. */
  onOpen?(again: boolean): void
  /** It is not open, or not yet: other windows of this browser follow as much as they may. */
  onLost?(): void
}

/** First wait after a loss, and the longest, ms. A stream that lasted for longer than that begins with the first again. */
const waits = { first: 500, longest: 15_000 }

/**
 * Follows server-sent events of `/api` + `path` until the returned function is called. A lost stream is opened again, after
 * longer waits each time, behind the last id that was seen. By `fetch`, since `EventSource` can say no token, which is what
 * a page of another host has.
 */
export function follow(path: string, options: StreamOptions): () => void {
  const left = new AbortController()
  void keepFollowing(path, options, left.signal)
  return () => left.abort()
}

async function keepFollowing(path: string, options: StreamOptions, signal: AbortSignal): Promise<void> {
  const { query, events, resume = 'lastEventId', onEvent, onOpen, onLost } = options
  let wait = waits.first
  /** It was open before, or was waited for: something may have happened meanwhile. */
  let missed = false
  let last = ''
  while (!signal.aborted) {
    let began = Date.now()
    let leave = (): void => {}
    try {
      leave = await takePlace(signal, () => {
        missed = true
        onLost?.()
      })
      began = Date.now()
      const answer = await send(path, {
        query: { ...query, ...(resume && last ? { [resume]: last } : {}) },
        headers: { accept: 'text/event-stream' },
        timeoutMs: null,
        signal,
      })
      onOpen?.(missed)
      missed = true
      for await (const { name, data, id } of eventsOf(answer, signal)) {
        if (id) last = id
        if (events.includes(name)) onEvent(name, data, last)
      }
    } catch (error) {
      if (signal.aborted) return
      // However it was lost, it is opened again; what a page does with an event is its own mistake.
      if (!(error instanceof Problem || error instanceof ConnectionLost)) reportError(error)
    } finally {
      leave()
    }
    onLost?.()
    if (Date.now() - began > waits.longest) wait = waits.first
    await pause(wait * (0.75 + Math.random() / 2), signal)
    wait = Math.min(wait * 2, waits.longest)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(over, ms)
    signal.addEventListener('abort', over)
    function over(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
  })
}
