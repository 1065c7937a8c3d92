import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link } from '@tanstack/react-router'
import { Waypoints } from 'lucide-react'
import { useMemo } from 'react'
import type { Item } from '../../../../src/schemas/item.ts'
import { itemsQuery } from '../../../api/items.ts'
import { RouteCreate } from '../../../features/routes/route-create.tsx'
import { routeLabel } from '../../../features/routes/route-label.ts'
import type { Column } from '../../../ui/table.tsx'
import { useWords } from '../../../words/words.tsx'
import { ItemListPage } from '../-item-list-page.tsx'
import { listDeps, listSearch } from '../-item-search.ts'
import { choicesOf } from '../-choices.ts'

export const Route = createFileRoute('/_signed-in/routes/')({
  validateSearch: listSearch,
  loaderDeps: listDeps,
  loader: ({ context: { client }, deps }) =>
    Promise.all([
      client.ensureQueryData(itemsQuery('route', deps)),
      client.ensureQueryData(itemsQuery('route')),
      client.ensureQueryData(itemsQuery('agent')),
      client.ensureQueryData(itemsQuery('connector')),
    ]),
  component: RoutesPage,
})

function RoutesPage() {
  const words = useWords().routes
  const columns = useMemo<Column<Item>[]>(
    () => [
      {
        id: 'agent',
        header: words.agent,
        grow: true,
        value: ({ content }) => String(content['agent']),
        cell: ({ content }) => (
          <Link
            to="/agents/$name"
            params={{ name: String(content['agent']) }}
            className="hover:text-accent hover:underline"
          >
            {String(content['agent'])}
          </Link>
        ),
      },
    ],
    [words],
  )
  return (
    <ItemListPage
      kind="route"
      search={Route.useSearch()}
      columns={columns}
      Icon={Waypoints}
      said={words}
      labelOf={routeLabel}
      create={(props) => <Create {...props} />}
    />
  )
}

function Create({ onClose, onCreated }: { onClose(): void; onCreated(name: null): void }) {
  const agents = useSuspenseQuery(itemsQuery('agent')).data.data
  const connectors = useSuspenseQuery(itemsQuery('connector')).data.data
  const led = useSuspenseQuery(itemsQuery('route')).data.data
  return (
    <RouteCreate
      agents={choicesOf(agents)}
      connectors={choicesOf(connectors.filter(({ name }) => !led.some((route) => route.name === name)))}
      onClose={onClose}
      onCreated={() => onCreated(null)}
    />
  )
}
