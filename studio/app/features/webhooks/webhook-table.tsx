import { Ellipsis, Pencil, SendHorizontal, Trash2 } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { tell } from '../../api/problem.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import type { Words } from '../../words/english.ts'
import type { Formats } from '../../words/formats.ts'
import { useFormats, useWords } from '../../words/words.tsx'
import { DeliveryState } from './delivery-state.tsx'
import { webhookEvents } from '../../../src/schemas/webhooks.ts'
import { useDeleteWebhook, useTestWebhook, type Webhook } from './queries.ts'

const WebhookForm = lazy(() => import('./webhook-form.tsx'))

export interface WebhookTableProps {
  webhooks: readonly Webhook[]
  linkOf(webhook: Webhook): ReactNode
  onOpen(webhook: Webhook): void
}

export function WebhookTable({ webhooks, linkOf, onOpen }: WebhookTableProps) {
  const words = useWords()
  const formats = useFormats()
  const columns = useMemo(() => columnsOf(words, formats, linkOf), [words, formats, linkOf])
  return (
    <Table label={words.webhooks.title} columns={columns} items={webhooks} keyOf={({ id }) => id} onOpen={onOpen} />
  )
}

function columnsOf(words: Words, formats: Formats, linkOf: WebhookTableProps['linkOf']): Column<Webhook>[] {
  return [
    { id: 'url', header: words.webhooks.url, grow: true, value: ({ url }) => url, cell: linkOf },
    {
      id: 'events',
      header: words.webhooks.events,
      wide: true,
      sortable: false,
      value: ({ events }) => eventsOf(events, words, formats),
      cell: ({ events }) => (
        <span className="block max-w-96 truncate text-soft">{eventsOf(events, words, formats)}</span>
      ),
    },
    {
      id: 'last',
      header: words.webhooks.last,
      value: ({ last }) => last?.at ?? null,
      cell: ({ last }) =>
        last === null ? (
          <span className="text-faint">{words.webhooks.never}</span>
        ) : (
          <span className="flex items-center gap-3">
            <DeliveryState state={last.state} failing={last.problem !== null} />
            <span className="text-faint max-sm:hidden">
              <RelativeTime at={last.at} />
            </span>
          </span>
        ),
    },
    {
      id: 'actions',
      header: words.ui.more,
      hideHeader: true,
      sortable: false,
      align: 'right',
      value: () => null,
      cell: (webhook) => <WebhookActions webhook={webhook} />,
    },
  ]
}

function eventsOf(events: Webhook['events'], words: Words, formats: Formats): string {
  if (events.length === webhookEvents.length) return words.webhooks.allEvents
  return formats.list(events.map((event) => words.webhooks.eventNames[event] ?? event))
}

/** Test, edit, delete; `onDeleted` leaves what was about it. */
export function WebhookActions({ webhook, onDeleted }: { webhook: Webhook; onDeleted?: () => void }) {
  const words = useWords()
  const test = useTestWebhook()
  const remove = useDeleteWebhook()
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null)
  const close = (): void => setOpen(null)
  return (
    <>
      <Menu
        trigger={
          <IconButton
            label={`${words.ui.more}: ${webhook.url}`}
            icon={<Ellipsis className="size-4" aria-hidden />}
            small
          />
        }
        groups={[
          {
            items: [
              {
                label: words.webhooks.test,
                icon: <SendHorizontal className="size-4" aria-hidden />,
                onSelect: () =>
                  test.mutate(webhook.id, {
                    onSuccess: () => toast(words.webhooks.tested),
                    onError: (error) => toast(tell(error, words).title, { kind: 'danger' }),
                  }),
              },
              {
                label: words.webhooks.edit,
                icon: <Pencil className="size-4" aria-hidden />,
                onSelect: () => setOpen('edit'),
              },
              {
                label: words.webhooks.delete,
                icon: <Trash2 className="size-4" aria-hidden />,
                danger: true,
                onSelect: () => setOpen('delete'),
              },
            ],
          },
        ]}
      />
      <Suspense>{open === 'edit' && <WebhookForm webhook={webhook} onClose={close} />}</Suspense>
      <ConfirmDialog
        open={open === 'delete'}
        onClose={close}
        title={words.webhooks.deleteTitle}
        text={words.webhooks.deleteText(webhook.url)}
        action={words.webhooks.delete}
        pending={remove.isPending}
        error={remove.error ? tell(remove.error, words).title : undefined}
        onConfirm={() =>
          remove.mutate(webhook.id, {
            onSuccess() {
              close()
              toast(words.webhooks.deleted)
              onDeleted?.()
            },
          })
        }
      />
    </>
  )
}
