import { createFileRoute } from '@tanstack/react-router'
import { loadItem } from '../-item-page.tsx'
import { itemSearch } from '../-item-search.ts'
import { PartPage } from '../-part-page.tsx'

export const Route = createFileRoute('/_signed-in/connectors/$name')({
  validateSearch: itemSearch,
  loader: ({ context, params: { name } }) => loadItem(context, { kind: 'connector', name }),
  component: ConnectorPage,
})

function ConnectorPage() {
  const { name } = Route.useParams()
  return <PartPage key={name} kind="connector" name={name} search={Route.useSearch()} />
}
