import { createFileRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { MessageSearch } from '../../../../features/watch/trace/message-search.tsx'
import { recentMessagesQuery } from '../../../../features/watch/trace/queries.ts'
import { useWords } from '../../../../words/words.tsx'
import { searchText } from '../../-search-text.ts'
import { WatchedPage } from '../-watched-page.tsx'

export const Route = createFileRoute('/_signed-in/_watch/trace/')({
  validateSearch: z.object({
    /** What is searched for: a text or an id. */
    q: searchText,
  }),
  loader: ({ context: { client, runtime } }) => runtime && client.ensureQueryData(recentMessagesQuery(runtime.id)),
  component: TracePage,
})

function TracePage() {
  const words = useWords().trace
  const { q = '' } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <WatchedPage title={words.title} text={words.text}>
      {(runtime) => (
        <MessageSearch
          runtime={runtime}
          q={q}
          onSearch={(next) => void navigate({ search: (now) => ({ ...now, q: next || undefined }), replace: true })}
          onOpen={({ id }) => void navigate({ to: '/trace/$message', params: { message: id } })}
        />
      )}
    </WatchedPage>
  )
}
