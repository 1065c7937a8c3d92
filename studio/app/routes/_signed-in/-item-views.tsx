import { Link } from '@tanstack/react-router'
import { Bot, Cable, Cpu, Waypoints } from 'lucide-react'
import { useMemo } from 'react'
import { agentLabel } from '../../features/agents/agent-label.ts'
import { places } from '../../features/items/places.ts'
import { partLabel } from '../../features/parts/part-label.ts'
import type { ItemViews } from '../../features/releases/views.ts'
import { routeLabel } from '../../features/routes/route-label.ts'
import { useWords } from '../../words/words.tsx'

const icons = { agent: Bot, route: Waypoints, connector: Cable, provider: Cpu }
const labels = { agent: agentLabel, route: routeLabel, connector: partLabel, provider: partLabel }

/** How pages that speak of items of all kinds name them, and where they lead. */
export function useItemViews(): ItemViews {
  const words = useWords()
  return useMemo(
    () => ({
      titleOf({ kind, name }) {
        const Icon = icons[kind]
        return (
          <Link
            to={places[kind].one}
            params={{ name }}
            className="inline-flex max-w-full items-center gap-1.5 rounded-sm align-bottom font-medium hover:underline"
          >
            <Icon className="size-4 shrink-0 text-faint" aria-hidden />
            <span className="sr-only">{words.releases.kinds[kind]} </span>
            <span className="truncate">{name}</span>
          </Link>
        )
      },
      labelOf: ({ kind }, pointer) => labels[kind](pointer, words),
    }),
    [words],
  )
}
