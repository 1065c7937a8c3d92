import { createFileRoute } from '@tanstack/react-router'
import { PartFields, partLabel } from '../../../features/parts/part-fields.tsx'
import { useWords } from '../../../words/words.tsx'
import { ItemPage, itemSearch, loadItem } from '../-item-page.tsx'

export const Route = createFileRoute('/_signed-in/providers/$name')({
  validateSearch: itemSearch,
  loader: ({ context, params: { name } }) => loadItem(context, { kind: 'provider', name }),
  component: ProviderPage,
})

function ProviderPage() {
  const words = useWords()
  const { name } = Route.useParams()
  return (
    <ItemPage
      key={name}
      reference={{ kind: 'provider', name }}
      search={Route.useSearch()}
      labelOf={(pointer) => partLabel(pointer, words)}
      fields={(given) => <PartFields {...given} />}
    />
  )
}
