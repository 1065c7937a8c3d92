import { recordedEvent } from 'asyncv/schemas'
import { useEffect, useRef, useState } from 'react'
import { follow } from '../../api/events.ts'
import { throughStudio } from './runtime-api.ts'
import type { RuntimeEvent } from './types.ts'

/** Events are handed on together, so often at most, ms: a busy runtime has thousands a second. */
const togetherMs = 700

/**
 * Follows what happens in a runtime while `on` and while somebody looks at the page: a browser opens six connections to a
 * host, whatever number of its pages are open. `onChange` hears of a batch of events, and of none when something may have
 * been missed. Returns whether it hears: a runtime that keeps no events has none to tell, and pages then ask in intervals.
 */
export function useRuntimeEvents(runtime: string, on: boolean, onChange: (events: RuntimeEvent[]) => void): boolean {
  const [hears, setHears] = useState(false)
  const latest = useRef(onChange)
  latest.current = onChange
  useEffect(() => {
    if (!on) return
    let waiting: RuntimeEvent[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    let leave: (() => void) | null = null
    const flush = (): void => {
      timer = undefined
      const events = waiting
      waiting = []
      latest.current(events)
    }
    const enter = (again: boolean): void => {
      if (leave !== null) return
      let missed = again
      leave = follow(`${throughStudio(runtime)}/v1/events`, {
        events: recordedEvent.shape.type.options,
        resume: false,
        onOpen(reopened) {
          setHears(true)
          if (reopened || missed) latest.current([])
          missed = false
        },
        onLost: () => setHears(false),
        onEvent(_, data) {
          const event = recordedEvent.safeParse(data)
          if (!event.success) return
          waiting.push(event.data)
          timer ??= setTimeout(flush, togetherMs)
        },
      })
    }
    const quit = (): void => {
      leave?.()
      leave = null
      clearTimeout(timer)
      timer = undefined
      setHears(false)
    }
    const look = (): void => (document.hidden ? quit() : enter(true))
    if (!document.hidden) enter(false)
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      quit()
    }
  }, [runtime, on])
  return hears && on
}
