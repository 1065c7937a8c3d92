import { useQueries } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { itemsQuery } from '../api/items.ts'
import { useWords } from '../words/words.tsx'
import type { Command } from './commands.ts'
import { navigation } from './navigation.ts'

/** What is configured, by the section that lists it. */
const configured = [
  { kind: 'agent', section: 'agents', to: '/agents/$name' },
  { kind: 'route', section: 'routes', to: '/routes/$name' },
  { kind: 'connector', section: 'connectors', to: '/connectors/$name' },
  { kind: 'provider', section: 'providers', to: '/providers/$name' },
] as const

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Of each kind, at most. */
const most = 5

/** What the palette finds beside pages and actions: what is configured, by its name, and what an id names. */
export function useFound(text: string): Command[] {
  const words = useWords()
  const router = useRouter()
  const wanted = text.trim().toLowerCase()
  const lists = useQueries({
    queries: configured.map(({ kind }) => ({ ...itemsQuery(kind), enabled: wanted !== '' })),
  })
  if (wanted === '') return []
  if (id.test(wanted)) {
    const run = (): void => void router.navigate({ to: '/trace', search: { q: wanted } })
    return [{ id: 'by-id', title: words.trace.title, text: wanted, Icon: iconOf('trace'), run }]
  }
  return configured.flatMap(({ section, to, kind }, at) =>
    (lists[at]?.data?.data ?? [])
      .filter(({ name }) => name.toLowerCase().includes(wanted))
      .slice(0, most)
      .map(
        ({ name }): Command => ({
          id: `${kind}-${name}`,
          title: name,
          text: words.shell.sections[section],
          Icon: iconOf(section),
          run: () => void router.navigate({ to, params: { name } }),
        }),
      ),
  )
}

function iconOf(section: (typeof navigation)[number]['id']): Command['Icon'] {
  return navigation.find((one) => one.id === section)?.Icon
}
