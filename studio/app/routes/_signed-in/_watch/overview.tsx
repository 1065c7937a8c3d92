import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { runtimesQuery } from '../../../features/runtimes/queries.ts'
import { windows } from '../../../features/watch/overview/windows.ts'
import { Overview } from '../../../features/watch/overview/overview.tsx'
import { windowTasksQuery } from '../../../features/watch/overview/queries.ts'
import { useRuntime } from '../../../shell/runtime.ts'
import { useTitle } from '../../../shell/title.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Select } from '../../../ui/select.tsx'
import { useWords } from '../../../words/words.tsx'

export const Route = createFileRoute('/_signed-in/_watch/overview')({
  validateSearch: z.object({ window: z.enum(windows).optional().catch(undefined) }),
  loaderDeps: ({ search: { window } }) => ({ window }),
  loader: ({ context: { client, runtime }, deps: { window = 'day' } }) =>
    runtime && client.ensureQueryData(windowTasksQuery(runtime.id, window)),
  component: OverviewPage,
})

function OverviewPage() {
  const words = useWords().overview
  const runtime = useRuntime()
  const runtimes = useSuspenseQuery(runtimesQuery).data.data
  const { window = 'day' } = Route.useSearch()
  const navigate = Route.useNavigate()
  useTitle(words.title)
  return (
    <>
      <PageHeader
        title={words.title}
        text={runtime && words.text(runtime.name)}
        actions={
          <Select
            className="w-40"
            label={words.window}
            hideLabel
            value={window}
            onChange={(next) => void navigate({ search: (now) => ({ ...now, window: next }), replace: true })}
            choices={windows.map((value) => ({ value, label: words.windows[value] }))}
          />
        }
      />
      {runtime && <Overview key={runtime.id} runtime={runtime} runtimes={runtimes} window={window} />}
    </>
  )
}
