import { logGap, logLine } from 'asyncv/schemas'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { follow } from '../../api/events.ts'
import { LogBuffer, type LogView } from './log-buffer.ts'
import { logsOf } from './queries.ts'

/** ms; lines are shown together, so often at most. */
const togetherMs = 200

export interface Tail {
  buffer: LogBuffer
  view: LogView
  /** Whether lines come in now. */
  connected: boolean
}

/** Follows the runtime's log from its last lines on. A connection that was lost goes on behind the last line that came. */
export function useTail(runtime: string): Tail {
  const [buffer] = useState(() => new LogBuffer())
  const [connected, setConnected] = useState(false)
  useEffect(() => {
    const leave = follow(logsOf(runtime), {
      query: { limit: 5_000 },
      events: ['log.line', 'log.gap'],
      resume: 'after',
      onOpen: () => setConnected(true),
      onLost: () => setConnected(false),
      onEvent(name, data) {
        if (name === 'log.gap') {
          const gap = logGap.safeParse(data)
          if (gap.success) buffer.miss(gap.data.missed)
          return
        }
        const line = logLine.safeParse(data)
        if (line.success) buffer.add(line.data)
      },
    })
    const timer = setInterval(() => buffer.flush(), togetherMs)
    return () => {
      clearInterval(timer)
      leave()
    }
  }, [runtime, buffer])
  return { buffer, view: useSyncExternalStore(buffer.subscribe, buffer.get), connected }
}
