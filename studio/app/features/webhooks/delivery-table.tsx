import { RotateCw } from 'lucide-react'
import { useMemo } from 'react'
import { tell } from '../../api/problem.ts'
import { sayProblem } from '../../api/say-problem.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.ts'
import type { Words } from '../../words/english.ts'
import { useWords } from '../../words/words.tsx'
import { DeliveryState } from './delivery-state.tsx'
import { useSendAgain, type WebhookDelivery } from './queries.ts'

/** What was sent to one address, newest first. */
export function DeliveryTable({ webhook, deliveries }: { webhook: string; deliveries: readonly WebhookDelivery[] }) {
  const words = useWords()
  const columns = useMemo(() => columnsOf(words, webhook), [words, webhook])
  return <Table label={words.webhooks.deliveries} columns={columns} items={deliveries} keyOf={({ id }) => id} />
}

function columnsOf(words: Words, webhook: string): Column<WebhookDelivery>[] {
  const fixed = { sortable: false } as const
  return [
    {
      ...fixed,
      id: 'event',
      header: words.webhooks.event,
      value: ({ event }) => words.webhooks.eventNames[event] ?? event,
      cell: ({ event, problem }) => (
        <>
          {words.webhooks.eventNames[event] ?? event}
          {/* Where there is no room for its column. */}
          {problem !== null && (
            <span className="block whitespace-normal text-danger wrap-anywhere sm:hidden">
              {sayProblem(problem, words)}
            </span>
          )}
        </>
      ),
    },
    {
      ...fixed,
      id: 'state',
      header: words.webhooks.state,
      value: ({ state }) => state,
      cell: ({ state, problem }) => <DeliveryState state={state} failing={problem !== null} />,
    },
    {
      ...fixed,
      id: 'attempts',
      header: words.webhooks.attempts,
      align: 'right',
      wide: true,
      value: ({ attempts }) => attempts,
    },
    {
      ...fixed,
      id: 'problem',
      header: words.webhooks.problem,
      grow: true,
      wide: true,
      value: ({ problem }) => problem,
      cell: ({ problem }) =>
        problem === null ? (
          <span className="text-faint">–</span>
        ) : (
          <span className="text-danger">{sayProblem(problem, words)}</span>
        ),
    },
    {
      ...fixed,
      id: 'next',
      header: words.webhooks.nextAttempt,
      wide: true,
      value: ({ nextAt }) => nextAt,
      cell: ({ nextAt }) => (nextAt === null ? <span className="text-faint">–</span> : <RelativeTime at={nextAt} />),
    },
    {
      ...fixed,
      id: 'at',
      header: words.webhooks.at,
      wide: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
    {
      ...fixed,
      id: 'actions',
      header: words.webhooks.sendAgain,
      hideHeader: true,
      align: 'right',
      value: () => null,
      cell: ({ id }) => <SendAgain webhook={webhook} delivery={id} />,
    },
  ]
}

function SendAgain({ webhook, delivery }: { webhook: string; delivery: string }) {
  const words = useWords()
  const again = useSendAgain(webhook)
  return (
    <IconButton
      small
      label={words.webhooks.sendAgain}
      icon={<RotateCw className="size-4" aria-hidden />}
      disabled={again.isPending}
      onClick={() =>
        again.mutate(delivery, {
          onSuccess: () => toast(words.webhooks.sentAgain),
          onError: (error) => toast(tell(error, words).title, { kind: 'danger' }),
        })
      }
    />
  )
}
