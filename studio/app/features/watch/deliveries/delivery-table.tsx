import { type ReactNode, useMemo } from 'react'
import { Button } from '../../../ui/button.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import type { Formats } from '../../../words/formats.ts'
import type { Words } from '../../../words/english.ts'
import { useFormats, useWords } from '../../../words/words.tsx'
import { inShort, placeOf, textOf } from '../place.ts'
import { DeliveryStatus } from '../states.tsx'
import type { Delivery } from '../types.ts'
import type { Decision } from './delivery-decision.tsx'
import { isForDecision } from './course.ts'

export interface DeliveryTableProps {
  deliveries: readonly Delivery[]
  mayOperate: boolean
  onOpen(delivery: Delivery): void
  onDecide(decision: Decision): void
  children: ReactNode
}

export function DeliveryTable({ deliveries, mayOperate, onOpen, onDecide, children }: DeliveryTableProps) {
  const words = useWords()
  const formats = useFormats()
  const columns = useMemo(
    () => columnsOf(words, formats, onOpen, mayOperate ? onDecide : null),
    [words, formats, onOpen, mayOperate, onDecide],
  )
  return (
    <Table
      label={words.deliveries.title}
      columns={columns}
      items={deliveries}
      keyOf={({ id }) => id}
      onOpen={onOpen}
      virtual={deliveries.length > 100 ? 'max(20rem, calc(100dvh - 15rem))' : undefined}
    >
      {children}
    </Table>
  )
}

function columnsOf(
  words: Words,
  formats: Formats,
  onOpen: (delivery: Delivery) => void,
  onDecide: ((decision: Decision) => void) | null,
): Column<Delivery>[] {
  const columns: Column<Delivery>[] = [
    {
      id: 'state',
      header: words.watch.state,
      value: ({ state }) => words.watch.deliveryStates[state],
      cell: (delivery) => (
        <button type="button" className="rounded-sm hover:underline" onClick={() => onOpen(delivery)}>
          <DeliveryStatus state={delivery.state} />
        </button>
      ),
    },
    {
      id: 'to',
      header: words.deliveries.to,
      wide: true,
      value: ({ destination }) => placeOf(destination, words.watch),
    },
    { id: 'kind', header: words.deliveries.kind, wide: true, value: ({ kind }) => words.deliveries.kinds[kind] },
    {
      id: 'body',
      header: words.deliveries.body,
      grow: true,
      sortable: false,
      value: ({ body }) => textOf(body),
      cell: ({ body, error, state }) => (
        <>
          <span className="block truncate">{inShort(body) || words.ui.none}</span>
          {error && state !== 'sent' && <span className="block truncate text-danger text-xs">{error.message}</span>}
        </>
      ),
    },
    {
      id: 'attempts',
      header: words.deliveries.attempts,
      align: 'right',
      wide: true,
      value: ({ attempt }) => attempt,
      cell: ({ attempt }) => formats.number(attempt),
    },
    {
      id: 'created',
      header: words.deliveries.created,
      align: 'right',
      wide: true,
      value: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
  ]
  if (onDecide === null) return columns
  return [
    ...columns,
    {
      id: 'actions',
      header: words.ui.more,
      hideHeader: true,
      sortable: false,
      align: 'right',
      wide: true,
      value: () => null,
      cell: (delivery) =>
        isForDecision(delivery) ? (
          <span className="inline-flex gap-1">
            <Button size="small" onClick={() => onDecide({ delivery, action: 'retry' })}>
              {words.deliveries.retry}
            </Button>
            <Button size="small" variant="quiet" onClick={() => onDecide({ delivery, action: 'discard' })}>
              {words.deliveries.discard}
            </Button>
          </span>
        ) : null,
    },
  ]
}
