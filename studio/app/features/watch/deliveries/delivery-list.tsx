import { useQuery, useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { CircleCheck, Send, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Code } from '../../../ui/code.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { Toolbar } from '../../../ui/toolbar.tsx'
import { useWords } from '../../../words/words.tsx'
import { useFresh } from '../fresh.ts'
import { shortId } from '../place.ts'
import { statsQuery } from '../reach.ts'
import type { Watched } from '../types.ts'
import { isOnItsWay } from './course.ts'
import { type Decision, DeliveryDecision } from './delivery-decision.tsx'
import { DeliveryDetail } from './delivery-detail.tsx'
import { DeliveryTable } from './delivery-table.tsx'
import { deliveryListQuery } from './queries.ts'
import { type DeliveryView, views } from './views.ts'

export interface DeliverySearch {
  view?: DeliveryView | undefined
  task?: string | undefined
  /** The one that is looked at. */
  show?: string | undefined
}

export interface DeliveryListProps {
  runtime: Watched
  search: DeliverySearch
  onSearch(change: DeliverySearch): void
  mayOperate: boolean
}

/** ms. */
const onItsWayMs = 3_000

/** What goes out, with what needs a decision first. */
export function DeliveryList({ runtime, search, onSearch, mayOperate }: DeliveryListProps) {
  const words = useWords()
  const { view = 'attention', task } = search
  const every = useFresh(runtime.id, {
    keys: [['watch', runtime.id, 'deliveries'], statsQuery(runtime.id).queryKey],
    // One that is written, or tried again, has no event; its task has.
    concerns: ({ delivery, type }) => delivery !== null || type.startsWith('task.'),
    calmMs: 5_000,
  })
  const counts = useQuery(statsQuery(runtime.id)).data?.deliveries
  const countOf: Partial<Record<DeliveryView, number>> = counts
    ? {
        attention: counts.dead + counts.held + counts.uncertain,
        open: counts.pending + counts.sending + counts.retrying,
      }
    : {}
  const content = <Deliveries {...{ runtime, search, onSearch, mayOperate, every }} />
  if (task !== undefined) {
    return (
      <>
        <Toolbar>
          <Button onClick={() => onSearch({ task: undefined })} aria-label={words.deliveries.dropTask}>
            {words.deliveries.ofTask} <Code>{shortId(task)}</Code>
            <X className="size-3.5" aria-hidden />
          </Button>
        </Toolbar>
        {content}
      </>
    )
  }
  return (
    <Tabs<DeliveryView>
      label={words.deliveries.title}
      value={view}
      onChange={(next) => onSearch({ view: next })}
      tabs={views.map((value) => {
        const count = countOf[value]
        const tab = { value, label: words.deliveries.views[value], content }
        return count === undefined ? tab : { ...tab, count }
      })}
    />
  )
}

interface DeliveriesProps extends DeliveryListProps {
  /** ms; false while events tell. */
  every: number | false
}

function Deliveries({ runtime, search, onSearch, mayOperate, every }: DeliveriesProps) {
  const words = useWords().deliveries
  const { view = 'attention', task, show } = search
  const list = useSuspenseInfiniteQuery({
    ...deliveryListQuery(runtime.id, { view, task }),
    // All pages are read again together. What is on its way is tried again without an event.
    refetchInterval: ({ state: { data } }) => {
      if (data === undefined || data.pages.length > 3) return false
      return data.pages.some((page) => page.data.some(isOnItsWay)) ? onItsWayMs : every
    },
  })
  const [decision, setDecision] = useState<Decision | null>(null)
  const { pages } = list.data
  const deliveries = useMemo(() => pages.flatMap((page) => page.data), [pages])
  const shown = show === undefined ? undefined : deliveries.find(({ id }) => id === show)
  const isCalm = view === 'attention' && task === undefined
  return (
    <>
      <DeliveryTable
        deliveries={deliveries}
        mayOperate={mayOperate}
        onOpen={({ id }) => onSearch({ show: id })}
        onDecide={setDecision}
      >
        {isCalm ? (
          <EmptyState icon={<CircleCheck aria-hidden />} title={words.calm} text={words.calmHint} />
        ) : (
          <EmptyState icon={<Send aria-hidden />} title={words.empty} text={words.emptyHint} />
        )}
      </DeliveryTable>
      {deliveries.length > 0 && (
        <LoadMore
          shown={deliveries.length}
          more={list.hasNextPage}
          pending={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
      {shown && decision === null && (
        <DeliveryDetail
          delivery={shown}
          mayOperate={mayOperate}
          onClose={() => onSearch({ show: undefined })}
          onDecide={setDecision}
        />
      )}
      {decision && (
        <DeliveryDecision
          {...decision}
          runtime={runtime}
          onClose={() => setDecision(null)}
          onDone={() => {
            setDecision(null)
            onSearch({ show: undefined })
          }}
        />
      )}
    </>
  )
}
