import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Content } from '../../api/content.ts'
import { useCreateItem } from '../../api/items.ts'
import { tell } from '../../api/problem.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Choice } from '../../ui/select.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { RouteFields } from './route-fields.tsx'

export interface RouteCreateProps {
  agents: readonly Choice<string>[]
  /** Those that lead nowhere yet. */
  connectors: readonly Choice<string>[]
  onClose(): void
  onCreated(): void
}

export function RouteCreate({ agents, connectors, onClose, onCreated }: RouteCreateProps) {
  const words = useWords()
  const create = useCreateItem()
  const [content, setContent] = useState<Content>({
    ...(connectors.length === 1 ? { connector: connectors[0]?.value } : {}),
    ...(agents.length === 1 ? { agent: agents[0]?.value } : {}),
  })
  const [isTried, setTried] = useState(false)
  const submit = (): void => {
    setTried(true)
    const { connector, agent } = content
    if (typeof connector !== 'string' || typeof agent !== 'string') return
    create.mutate(
      { kind: 'route', name: connector, content },
      {
        onSuccess() {
          toast(words.routes.created(connector, agent))
          onCreated()
        },
      },
    )
  }
  return (
    <FormDialog
      onClose={onClose}
      title={words.routes.create}
      text={words.routes.createText}
      onSubmit={submit}
      act={words.ui.create}
      pending={create.isPending}
      wrong={create.error && tell(create.error, words).title}
    >
      {connectors.length === 0 && (
        <Notice kind="info" action={<CreateLink to="/connectors">{words.parts.connector.create}</CreateLink>}>
          {words.routes.noConnector}
        </Notice>
      )}
      {agents.length === 0 && (
        <Notice kind="info" action={<CreateLink to="/agents">{words.agents.create}</CreateLink>}>
          {words.routes.noAgent}
        </Notice>
      )}
      <RouteFields
        content={content}
        change={setContent}
        readOnly={false}
        isNew
        agents={agents}
        connectors={connectors}
        errorAt={(pointer) => (isTried && content[pointer.slice(1)] === undefined ? words.ui.required : undefined)}
      />
    </FormDialog>
  )
}

function CreateLink({ to, children }: { to: '/agents' | '/connectors'; children: string }) {
  return (
    <Link to={to} search={{ create: true }} className="shrink-0 font-medium underline">
      {children}
    </Link>
  )
}
