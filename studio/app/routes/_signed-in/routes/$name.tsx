import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { itemsQuery } from '../../../api/items.ts'
import type { FieldsProps } from '../../../features/items/item-editor.tsx'
import { RouteFields } from '../../../features/routes/route-fields.tsx'
import { routeLabel } from '../../../features/routes/route-label.ts'
import { useWords } from '../../../words/words.tsx'
import { choicesOf } from '../-choices.ts'
import { ItemPage, loadItem } from '../-item-page.tsx'
import { itemSearch } from '../-item-search.ts'

export const Route = createFileRoute('/_signed-in/routes/$name')({
  validateSearch: itemSearch,
  loader: ({ context, params: { name } }) =>
    Promise.all([
      loadItem(context, { kind: 'route', name }),
      context.client.ensureQueryData(itemsQuery('agent')),
      context.client.ensureQueryData(itemsQuery('connector')),
    ]),
  component: RoutePage,
})

function RoutePage() {
  const words = useWords()
  const { name } = Route.useParams()
  return (
    <ItemPage
      key={name}
      reference={{ kind: 'route', name }}
      search={Route.useSearch()}
      labelOf={(pointer) => routeLabel(pointer, words)}
      fields={(given) => <Fields {...given} />}
    />
  )
}

function Fields(given: FieldsProps) {
  const agents = useSuspenseQuery(itemsQuery('agent')).data.data
  const connectors = useSuspenseQuery(itemsQuery('connector')).data.data
  return <RouteFields {...given} isNew={false} agents={choicesOf(agents)} connectors={choicesOf(connectors)} />
}
