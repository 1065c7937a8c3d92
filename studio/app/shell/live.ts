import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { z } from 'zod'
import { studioEvent } from '../../src/schemas/events.ts'
import { follow } from '../api/events.ts'

type StudioEvent = z.output<typeof studioEvent>

/** What an event makes out of date, by the first word of the query's key. */
const outdated: Record<StudioEvent['type'], readonly string[]> = {
  'item.saved': ['items', 'changes', 'check'],
  'release.published': ['releases', 'changes', 'items'],
  'target.changed': ['releases', 'items'],
  'runtime.changed': ['runtimes', 'releases', 'items'],
  'events.missed': ['items', 'changes', 'check', 'releases', 'runtimes'],
}

/** An import saves hundreds of items at once: lists are read again so often at most, ms. The first is not waited for. */
const togetherMs = 500

/** ms; where events do not reach, what others do comes as late as this. */
const calmMs = 20_000

/**
 * What others do is on the page without a reload. A page that nobody looks at does not listen (browsers have few connections
 * for one host), and asks for everything again when it is looked at.
 */
export function useLive(): void {
  const client = useQueryClient()
  useEffect(() => {
    // What came out of date and was not asked for yet.
    const due = new Set<string>()
    let renewedAt = 0
    let renewal: ReturnType<typeof setTimeout> | undefined
    const renew = (type: StudioEvent['type']): void => {
      for (const key of outdated[type]) due.add(key)
      renewal ??= setTimeout(
        () => {
          renewal = undefined
          renewedAt = Date.now()
          for (const key of due) void client.invalidateQueries({ queryKey: [key] })
          due.clear()
        },
        Math.max(0, renewedAt + togetherMs - Date.now()),
      )
    }
    let stop: (() => void) | null = null
    let wasAway = false
    let timer: ReturnType<typeof setInterval> | undefined
    const calm = (): void => {
      clearInterval(timer)
      timer = undefined
    }
    const attend = (): void => {
      if (document.hidden) {
        stop?.()
        stop = null
        calm()
        wasAway = true
        return
      }
      stop ??= follow('/events', {
        events: Object.keys(outdated),
        onEvent(_, data) {
          const event = studioEvent.safeParse(data)
          if (event.success) renew(event.data.type)
        },
        onOpen(again) {
          const wasLost = timer !== undefined
          calm()
          if (again || wasAway || wasLost) renew('events.missed')
        },
        // Each attempt that fails says so again.
        onLost() {
          timer ??= setInterval(() => renew('events.missed'), calmMs)
        },
      })
    }
    attend()
    document.addEventListener('visibilitychange', attend)
    return () => {
      document.removeEventListener('visibilitychange', attend)
      stop?.()
      calm()
      clearTimeout(renewal)
    }
  }, [client])
}
