import { createFileRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { DeliveryList } from '../../../features/watch/deliveries/delivery-list.tsx'
import { deliveryListQuery } from '../../../features/watch/deliveries/queries.ts'
import { views } from '../../../features/watch/deliveries/views.ts'
import { useMay } from '../../../shell/me.ts'
import { useWords } from '../../../words/words.tsx'
import { searchText } from '../-search-text.ts'
import { WatchedPage } from './-watched-page.tsx'

export const Route = createFileRoute('/_signed-in/_watch/deliveries')({
  validateSearch: z.object({
    view: z.enum(views).optional().catch(undefined),
    task: searchText,
    /** The one that is looked at. */
    show: searchText,
  }),
  loaderDeps: ({ search: { view, task } }) => ({ view, task }),
  loader: ({ context: { client, runtime }, deps: { view = 'attention', task } }) =>
    runtime && client.ensureInfiniteQueryData(deliveryListQuery(runtime.id, { view, task })),
  component: DeliveriesPage,
})

function DeliveriesPage() {
  const words = useWords().deliveries
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const mayOperate = useMay('operator')
  return (
    <WatchedPage title={words.title} text={words.text}>
      {(runtime) => (
        <DeliveryList
          runtime={runtime}
          search={search}
          // The way back leads out of one that is looked at, to the list.
          onSearch={(change) =>
            void navigate({ search: (now) => ({ ...now, ...change }), replace: change.show === undefined })
          }
          mayOperate={mayOperate}
        />
      )}
    </WatchedPage>
  )
}
