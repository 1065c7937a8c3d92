import { createFileRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { sessionListQuery } from '../../../../features/watch/sessions/queries.ts'
import { SessionList } from '../../../../features/watch/sessions/session-list.tsx'
import { useWords } from '../../../../words/words.tsx'
import { searchText } from '../../-search-text.ts'
import { WatchedPage } from '../-watched-page.tsx'

export const Route = createFileRoute('/_signed-in/_watch/sessions/')({
  validateSearch: z.object({
    agent: searchText,
    /** What is searched for. */
    q: searchText,
  }),
  loader: ({ context: { client, runtime } }) => runtime && client.ensureInfiniteQueryData(sessionListQuery(runtime.id)),
  component: SessionsPage,
})

function SessionsPage() {
  const words = useWords().sessions
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <WatchedPage title={words.title} text={words.text}>
      {(runtime) => (
        <SessionList
          runtime={runtime}
          search={search}
          onSearch={(change) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })}
          onOpen={({ id }) => void navigate({ to: '/sessions/$session', params: { session: id } })}
        />
      )}
    </WatchedPage>
  )
}
