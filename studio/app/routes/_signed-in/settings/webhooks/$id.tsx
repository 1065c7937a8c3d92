import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link, notFound, useNavigate } from '@tanstack/react-router'
import { SendHorizontal } from 'lucide-react'
import { tell } from '../../../../api/problem.ts'
import { DeliveryTable } from '../../../../features/webhooks/delivery-table.tsx'
import { deliveriesQuery, useTestWebhook, webhooksQuery } from '../../../../features/webhooks/queries.ts'
import { WebhookActions } from '../../../../features/webhooks/webhook-table.tsx'
import { useTitle } from '../../../../shell/title.ts'
import { Button } from '../../../../ui/button.tsx'
import { LoadMore } from '../../../../ui/load-more.tsx'
import { Section } from '../../../../ui/page-header.tsx'
import { EmptyState } from '../../../../ui/states.tsx'
import { toast } from '../../../../ui/toast.ts'
import { WayUp } from '../../../../ui/way-up.tsx'
import { useWords } from '../../../../words/words.tsx'

export const Route = createFileRoute('/_signed-in/settings/webhooks/$id')({
  async loader({ context: { client }, params: { id } }) {
    const [webhooks] = await Promise.all([
      client.ensureQueryData(webhooksQuery),
      client.ensureInfiniteQueryData(deliveriesQuery(id)),
    ])
    if (!webhooks.data.some((one) => one.id === id)) throw notFound()
  },
  component: WebhookPage,
})

function WebhookPage() {
  const words = useWords()
  const { id } = Route.useParams()
  const webhook = useSuspenseQuery(webhooksQuery).data.data.find((one) => one.id === id)
  const list = useSuspenseInfiniteQuery(deliveriesQuery(id))
  const deliveries = list.data.pages.flatMap((page) => page.data)
  const test = useTestWebhook()
  const navigate = useNavigate()
  useTitle(words.webhooks.deliveries)
  if (webhook === undefined) return null
  const send = (
    <Button
      icon={<SendHorizontal className="size-4" aria-hidden />}
      pending={test.isPending}
      onClick={() =>
        test.mutate(id, {
          onSuccess: () => toast(words.webhooks.tested),
          onError: (error) => toast(tell(error, words).title, { kind: 'danger' }),
        })
      }
    >
      {words.webhooks.test}
    </Button>
  )
  return (
    <>
      <WayUp>
        <Link to="/settings/webhooks">{words.webhooks.title}</Link>
      </WayUp>
      <div>
        <Section
          title={<span className="wrap-anywhere">{words.webhooks.deliveriesOf(webhook.url)}</span>}
          text={words.webhooks.deliveriesText}
          actions={
            <>
              {send}
              <WebhookActions webhook={webhook} onDeleted={() => void navigate({ to: '/settings/webhooks' })} />
            </>
          }
        >
          {deliveries.length === 0 ? (
            <EmptyState title={words.webhooks.noDeliveries} text={words.webhooks.noDeliveriesHint} />
          ) : (
            <DeliveryTable webhook={id} deliveries={deliveries} />
          )}
          {list.hasNextPage && (
            <LoadMore
              shown={deliveries.length}
              more
              pending={list.isFetchingNextPage}
              onMore={() => void list.fetchNextPage()}
            />
          )}
        </Section>
      </div>
    </>
  )
}
