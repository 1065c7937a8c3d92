import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { logLevels } from 'asyncv/schemas'
import { useMemo } from 'react'
import { z } from 'zod'
import { statusQuery } from '../../../api/runtime-parts.ts'
import type { LogFilter, LogLine } from '../../../features/logs/log-filter.ts'
import { LogViewer } from '../../../features/logs/log-viewer.tsx'
import { earlierLinesQuery } from '../../../features/logs/queries.ts'
import { useWords } from '../../../words/words.tsx'
import { searchText } from '../-search-text.ts'
import { WatchedPage } from './-watched-page.tsx'

const none: readonly LogLine[] = []

const search = z.object({
  level: z.enum(logLevels).optional().catch(undefined),
  text: z.string().min(1).max(500).optional().catch(undefined),
  connector: searchText,
  task: searchText,
  session: searchText,
  request: searchText,
  since: z.int().min(0).optional().catch(undefined),
})

export const Route = createFileRoute('/_signed-in/_watch/logs')({
  validateSearch: search,
  // Whatever is looked for: a search goes through the lines that are here at once, and does not wait for those further back.
  loader: ({ context: { client, runtime } }) =>
    runtime &&
    Promise.all([
      client.ensureQueryData(earlierLinesQuery(runtime.id, {})),
      client.ensureQueryData(statusQuery(runtime.id)),
    ]),
  component: LogsPage,
})

function LogsPage() {
  const words = useWords().logs
  return (
    <WatchedPage title={words.title} text={words.text}>
      {(runtime) => <Logs runtime={runtime} />}
    </WatchedPage>
  )
}

function Logs({ runtime }: { runtime: { id: string; name: string } }) {
  const found = filterOf(Route.useSearch())
  const text = JSON.stringify(found)
  const filter = useMemo(() => JSON.parse(text) as LogFilter, [text])
  const navigate = Route.useNavigate()
  const { data: earlier } = useQuery(earlierLinesQuery(runtime.id, filter))
  const { connectors } = useSuspenseQuery(statusQuery(runtime.id)).data
  const names = connectors.map(({ name }) => name)
  return (
    <LogViewer
      runtime={runtime}
      filter={filter}
      earlier={earlier?.data ?? none}
      connectors={names}
      onFilter={(change) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })}
      onClear={() => void navigate({ search: {}, replace: true })}
    />
  )
}

/** Without what the URL has besides, such as the runtime. */
function filterOf({ level, text, connector, task, session, request, since }: z.output<typeof search>): LogFilter {
  return { level, text, connector, task, session, request, since }
}
