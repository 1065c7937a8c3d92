import { createFileRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { sessionListQuery } from '../../../../features/watch/sessions/queries.ts'
import { SessionList } from '../../../../features/watch/sessions/session-list.tsx'
import { useRuntime } from '../../../../shell/runtime.ts'
import { useTitle } from '../../../../shell/title.ts'
import { PageHeader } from '../../../../ui/page-header.tsx'
import { useWords } from '../../../../words/words.tsx'

const text = z.string().min(1).max(200).optional().catch(undefined)

export const Route = createFileRoute('/_signed-in/_watch/sessions/')({
  validateSearch: z.object({
    agent: text,
    /** What is searched for. */
    q: text,
  }),
  loader: ({ context: { client, runtime } }) => runtime && client.ensureInfiniteQueryData(sessionListQuery(runtime.id)),
  component: SessionsPage,
})

function SessionsPage() {
  const words = useWords().sessions
  const runtime = useRuntime()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  useTitle(words.title)
  return (
    <>
      <PageHeader title={words.title} text={words.text} />
      {runtime && (
        <SessionList
          key={runtime.id}
          runtime={runtime}
          search={search}
          onSearch={(change) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })}
          onOpen={({ id }) => void navigate({ to: '/sessions/$session', params: { session: id } })}
        />
      )}
    </>
  )
}
