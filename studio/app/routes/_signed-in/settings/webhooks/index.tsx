import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useNavigate } from '@tanstack/react-router'
import { Webhook as WebhookIcon } from 'lucide-react'
import { lazy, Suspense, useCallback, useState } from 'react'
import { type Webhook, webhooksQuery } from '../../../../features/webhooks/queries.ts'
import { WebhookTable } from '../../../../features/webhooks/webhook-table.tsx'
import { useTitle } from '../../../../shell/title.ts'
import { Button } from '../../../../ui/button.tsx'
import { Section } from '../../../../ui/page-header.tsx'
import { EmptyState } from '../../../../ui/states.tsx'
import { useWords } from '../../../../words/words.tsx'

const WebhookForm = lazy(() => import('../../../../features/webhooks/webhook-form.tsx'))

export const Route = createFileRoute('/_signed-in/settings/webhooks/')({
  loader: ({ context: { client } }) => client.ensureQueryData(webhooksQuery),
  component: WebhooksPage,
})

function WebhooksPage() {
  const words = useWords().webhooks
  const webhooks = useSuspenseQuery(webhooksQuery).data.data
  const navigate = useNavigate()
  const [isCreating, setCreating] = useState(false)
  useTitle(words.title)
  const linkOf = useCallback(
    ({ id, url }: Webhook) => (
      <Link to="/settings/webhooks/$id" params={{ id }} className="rounded-sm font-mono hover:underline">
        {url}
      </Link>
    ),
    [],
  )
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      {words.create}
    </Button>
  )
  return (
    <Section title={words.title} text={words.text} actions={webhooks.length > 0 && create}>
      {webhooks.length === 0 ? (
        <EmptyState icon={<WebhookIcon aria-hidden />} title={words.empty} text={words.emptyHint} action={create} />
      ) : (
        <WebhookTable
          webhooks={webhooks}
          linkOf={linkOf}
          onOpen={({ id }) => void navigate({ to: '/settings/webhooks/$id', params: { id } })}
        />
      )}
      <Suspense>{isCreating && <WebhookForm webhook={null} onClose={() => setCreating(false)} />}</Suspense>
    </Section>
  )
}
