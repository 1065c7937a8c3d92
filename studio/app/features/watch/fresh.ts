import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useRuntimeEvents } from './live.ts'
import { pagesShown } from './pages-shown.ts'
import type { RuntimeEvent } from './types.ts'

export interface Freshness {
  /** What the page shows, by the beginnings of its keys. */
  keys: readonly QueryKey[]
  /** Whether an event makes it out of date. */
  concerns(event: RuntimeEvent): boolean
  /**
   * It is asked for so often at most, ms, however much happens; default 1,000. A list of several pages, which is read again
   * from its beginning to its end, that many times less often: what is asked for in a minute stays the same.
   */
  atMostMs?: number
  /** How often it is asked for where no events tell, ms. */
  calmMs: number
}

/** Asks again for what the page shows when something happened to it. Returns the interval for what no events tell: false while they do. */
export function useFresh(runtime: string, { keys, concerns, atMostMs = 1_000, calmMs }: Freshness): number | false {
  const client = useQueryClient()
  const askedAt = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const hears = useRuntimeEvents(runtime, true, (events) => {
    // None: something may have been missed.
    if (events.length > 0 && !events.some(concerns)) return
    clearTimeout(timer.current)
    timer.current = setTimeout(
      () => {
        askedAt.current = Date.now()
        for (const queryKey of keys) void client.invalidateQueries({ queryKey })
      },
      Math.max(0, askedAt.current + atMostMs * pagesShown(client, keys) - Date.now()),
    )
  })
  return hears ? false : calmMs
}
