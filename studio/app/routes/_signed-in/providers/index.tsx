import { createFileRoute } from '@tanstack/react-router'
import { Cpu } from 'lucide-react'
import { itemsQuery } from '../../../api/items.ts'
import { listDeps, listSearch } from '../-item-search.ts'
import { PartListPage } from '../-part-list-page.tsx'

export const Route = createFileRoute('/_signed-in/providers/')({
  validateSearch: listSearch,
  loaderDeps: listDeps,
  loader: ({ context: { client }, deps }) =>
    Promise.all([client.ensureQueryData(itemsQuery('provider', deps)), client.ensureQueryData(itemsQuery('provider'))]),
  component: ProvidersPage,
})

function ProvidersPage() {
  return <PartListPage kind="provider" search={Route.useSearch()} Icon={Cpu} />
}
