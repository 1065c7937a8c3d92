import { createFileRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { DeliveryList } from '../../../features/watch/deliveries/delivery-list.tsx'
import { deliveryListQuery, views } from '../../../features/watch/deliveries/queries.ts'
import { useMay } from '../../../shell/me.ts'
import { useRuntime } from '../../../shell/runtime.ts'
import { useTitle } from '../../../shell/title.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { useWords } from '../../../words/words.tsx'

const text = z.string().min(1).max(200).optional().catch(undefined)

export const Route = createFileRoute('/_signed-in/_watch/deliveries')({
  validateSearch: z.object({
    view: z.enum(views).optional().catch(undefined),
    task: text,
    /** The one that is looked at. */
    show: text,
  }),
  loaderDeps: ({ search: { view, task } }) => ({ view, task }),
  loader: ({ context: { client, runtime }, deps: { view = 'attention', task } }) =>
    runtime && client.ensureInfiniteQueryData(deliveryListQuery(runtime.id, { view, task })),
  component: DeliveriesPage,
})

function DeliveriesPage() {
  const words = useWords().deliveries
  const runtime = useRuntime()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const mayOperate = useMay('operator')
  useTitle(words.title)
  return (
    <>
      <PageHeader title={words.title} text={words.text} />
      {runtime && (
        <DeliveryList
          key={runtime.id}
          runtime={runtime}
          search={search}
          onSearch={(change) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })}
          mayOperate={mayOperate}
        />
      )}
    </>
  )
}
