import { useEffect, useState } from 'react'

/** The time, ms since 1970, anew each `everyMs` while something `moves`. */
export function useNow(everyMs: number, moves = true): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!moves) return
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs, moves])
  return now
}
