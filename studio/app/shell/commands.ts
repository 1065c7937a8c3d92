import type { QueryClient } from '@tanstack/react-query'
import type { AnyRouter } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import { useEffect } from 'react'
import { create } from '../ui/store.ts'
import type { Runtime } from '../../src/schemas/runtime.ts'

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

/** What is searched by the API while somebody types in the palette: agents, sessions. */
export interface CommandSource {
  id: string
  search(
    text: string,
    at: { client: QueryClient; router: AnyRouter; runtime: Runtime | null; signal: AbortSignal },
  ): Promise<Command[]>
}

export const actions = create<readonly Command[]>([])
export const sources = create<readonly CommandSource[]>([])

/** The palette offers these while the component is there. Keep the list in a `useMemo`. */
export function useCommands(given: readonly Command[]): void {
  useEffect(() => {
    actions.set([...actions.get(), ...given])
    return () => actions.set(actions.get().filter((one) => !given.includes(one)))
  }, [given])
}

/** The palette asks this source from now on. A feature calls it once, where its module is loaded with the shell. */
export function registerSource(source: CommandSource): void {
  sources.set([...sources.get().filter((one) => one.id !== source.id), source])
}

/** Whether the palette, or the sheet of shortcuts, is open. */
export const open = create<'palette' | 'shortcuts' | null>(null)
