import { createFileRoute } from '@tanstack/react-router'
import { Bot } from 'lucide-react'
import { itemsQuery } from '../../../api/items.ts'
import { useAgentColumns } from '../../../features/agents/agent-columns.tsx'
import type { AgentCreateProps } from '../../../features/agents/agent-create.tsx'
import { agentLabel } from '../../../features/agents/agent-label.ts'
import { onNeed } from '../../../ui/on-need.tsx'
import { useWords } from '../../../words/words.tsx'
import { ItemListPage } from '../-item-list-page.tsx'
import { listDeps, listSearch } from '../-item-search.ts'
import { useModelChoices } from '../-models.ts'

const AgentCreate = onNeed<AgentCreateProps & { open: true }>(async () => ({
  default: (await import('../../../features/agents/agent-create.tsx')).AgentCreate,
}))

export const Route = createFileRoute('/_signed-in/agents/')({
  validateSearch: listSearch,
  loaderDeps: listDeps,
  loader: ({ context: { client }, deps }) => client.ensureQueryData(itemsQuery('agent', deps)),
  component: AgentsPage,
})

function AgentsPage() {
  return (
    <ItemListPage
      kind="agent"
      search={Route.useSearch()}
      columns={useAgentColumns()}
      Icon={Bot}
      said={useWords().agents}
      labelOf={agentLabel}
      create={(props) => <Create {...props} />}
    />
  )
}

function Create(props: { onClose(): void; onCreated(name: string): void }) {
  return <AgentCreate open models={useModelChoices()} {...props} />
}
