import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { Cpu } from 'lucide-react'
import { itemsQuery } from '../../../api/items.ts'
import { installedQuery } from '../../../api/runtime-parts.ts'
import { usePartColumns } from '../../../features/parts/part-columns.tsx'
import { PartCreate } from '../../../features/parts/part-create.tsx'
import { typesOf } from '../../../features/parts/part-types.ts'
import { useRuntime } from '../../../shell/runtime.ts'
import { useWords } from '../../../words/words.tsx'
import { ItemListPage, listDeps, listSearch } from '../-item-list-page.tsx'

export const Route = createFileRoute('/_signed-in/providers/')({
  validateSearch: listSearch,
  loaderDeps: listDeps,
  loader: ({ context: { client }, deps }) => client.ensureQueryData(itemsQuery('provider', deps)),
  component: ProvidersPage,
})

function ProvidersPage() {
  return (
    <ItemListPage
      kind="provider"
      search={Route.useSearch()}
      columns={usePartColumns()}
      Icon={Cpu}
      said={useWords().parts.provider}
      create={(props) => <Create {...props} />}
    />
  )
}

function Create(props: { onClose(): void; onCreated(name: string): void }) {
  const runtime = useRuntime()
  const installed = useQuery({ ...installedQuery(runtime?.id ?? ''), enabled: runtime !== null })
  // It begins with the first type, so it waits until these are known.
  if (installed.isLoading) return null
  return <PartCreate kind="provider" types={typesOf(installed.data, 'provider')} {...props} />
}
