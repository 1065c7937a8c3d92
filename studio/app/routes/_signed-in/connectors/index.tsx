import { createFileRoute } from '@tanstack/react-router'
import { Cable } from 'lucide-react'
import { itemsQuery } from '../../../api/items.ts'
import { listDeps, listSearch } from '../-item-search.ts'
import { PartListPage } from '../-part-list-page.tsx'

export const Route = createFileRoute('/_signed-in/connectors/')({
  validateSearch: listSearch,
  loaderDeps: listDeps,
  loader: ({ context: { client }, deps }) =>
    Promise.all([
      client.ensureQueryData(itemsQuery('connector', deps)),
      client.ensureQueryData(itemsQuery('connector')),
    ]),
  component: ConnectorsPage,
})

function ConnectorsPage() {
  return <PartListPage kind="connector" search={Route.useSearch()} Icon={Cable} />
}
