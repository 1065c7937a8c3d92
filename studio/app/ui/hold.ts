import { createContext, useContext, useEffect, useId } from 'react'

/** Hears of entries that cannot be sent as they are, each by an id of its own. */
export type Hold = (entry: string, isHeld: boolean) => void

/** Given by a form that keeps back what is in it while an entry says so. */
export const HoldContext = createContext<Hold | null>(null)

/** While it is true, the form around this entry is not sent: what is typed here is not yet what it is meant to be. */
export function useHold(isHeld: boolean): void {
  const entry = useId()
  const hold = useContext(HoldContext)
  useEffect(() => {
    hold?.(entry, isHeld)
    return () => hold?.(entry, false)
  }, [hold, entry, isHeld])
}
