import type { LucideIcon } from 'lucide-react'
import { useEffect } from 'react'
import { create } from '../ui/store.ts'

export interface Command {
  id: string
  title: string
  /** On the right: where it is, in which state. */
  text?: string
  /** Found by these words too: the English name in a Chinese page. */
  also?: string
  Icon?: LucideIcon
  shortcut?: string
  run(): void
}

export const actions = create<readonly Command[]>([])

/** The palette offers these while the component is there. Keep the list in a `useMemo`. */
export function useCommands(given: readonly Command[]): void {
  useEffect(() => {
    actions.set([...actions.get(), ...given])
    return () => actions.set(actions.get().filter((one) => !given.includes(one)))
  }, [given])
}

/** Whether the palette, or the sheet of shortcuts, is open. */
export const open = create<'palette' | 'shortcuts' | null>(null)
