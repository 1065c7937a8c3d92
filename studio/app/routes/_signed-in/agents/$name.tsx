import { useQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import type { FieldsProps } from '../../../features/items/item-editor.tsx'
import { installedQuery } from '../../../api/runtime-parts.ts'
import { AgentFields } from '../../../features/agents/agent-fields.tsx'
import { agentLabel } from '../../../features/agents/agent-label.ts'
import { useRuntime } from '../../../shell/runtime.ts'
import { useWords } from '../../../words/words.tsx'
import { ItemPage, loadItem } from '../-item-page.tsx'
import { itemSearch } from '../-item-search.ts'
import { useModelChoices } from '../-models.ts'

export const Route = createFileRoute('/_signed-in/agents/$name')({
  validateSearch: itemSearch,
  loader: ({ context, params: { name } }) => loadItem(context, { kind: 'agent', name }),
  component: AgentPage,
})

function AgentPage() {
  const words = useWords()
  const { name } = Route.useParams()
  return (
    <ItemPage
      key={name}
      reference={{ kind: 'agent', name }}
      search={Route.useSearch()}
      labelOf={(pointer) => agentLabel(pointer, words)}
      fields={(given) => <Fields {...given} />}
    />
  )
}

/** What the runtime knows is a help: the form is there without it. */
function Fields(given: FieldsProps) {
  const runtime = useRuntime()
  const installed = useQuery({ ...installedQuery(runtime?.id ?? ''), enabled: runtime !== null })
  return <AgentFields {...given} models={useModelChoices()} tools={installed.data?.tools ?? null} />
}
