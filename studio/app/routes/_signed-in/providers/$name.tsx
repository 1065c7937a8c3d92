import { createFileRoute } from '@tanstack/react-router'
import { loadItem } from '../-item-page.tsx'
import { itemSearch } from '../-item-search.ts'
import { PartPage } from '../-part-page.tsx'

export const Route = createFileRoute('/_signed-in/providers/$name')({
  validateSearch: itemSearch,
  loader: ({ context, params: { name } }) => loadItem(context, { kind: 'provider', name }),
  component: ProviderPage,
})

function ProviderPage() {
  const { name } = Route.useParams()
  return <PartPage key={name} kind="provider" name={name} search={Route.useSearch()} />
}
