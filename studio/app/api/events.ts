import { address, type RequestOptions } from './request.ts'
import { noteReached } from './connection.ts'

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
  /** Each time the stream is open, the first time and after it was lost: what was missed can be read then. */
  onOpen?(again: boolean): void
  onLost?(): void
}

/** First wait after a loss, and the longest, ms. */
const waits = { first: 500, longest: 15_000 }

/**
 * Follows server-sent events of `/api` + `path` until the returned function is called. A lost stream is opened again,
 * after longer waits each time, with the last id that was seen (as `Last-Event-ID`, which browsers send of their own while
 * they reconnect, and as a query when the stream had ended).
 */
export function follow(
  path: string,
  { query, events, resume = 'lastEventId', onEvent, onOpen, onLost }: StreamOptions,
): () => void {
  let source: EventSource
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = waits.first
  let opened = false
  let last = ''

  const hear = (event: MessageEvent<string>): void => {
    if (event.lastEventId) last = event.lastEventId
    let data: unknown
    try {
      data = JSON.parse(event.data)
    } catch {
      return
    }
    onEvent(event.type, data, event.lastEventId)
  }
  const open = (): void => {
    source = new EventSource(address(path, { ...query, ...(resume && last ? { [resume]: last } : {}) }))
    source.onopen = () => {
      wait = waits.first
      noteReached()
      onOpen?.(opened)
      opened = true
    }
    source.onerror = () => {
      onLost?.()
      // While it is connecting again by itself, the browser waits and sends the last id.
      if (source.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, waits.longest)
    }
    for (const name of events) source.addEventListener(name, hear as EventListener)
  }
  open()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
