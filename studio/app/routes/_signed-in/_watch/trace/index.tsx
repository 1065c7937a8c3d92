import { createFileRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { MessageSearch } from '../../../../features/watch/trace/message-search.tsx'
import { recentMessagesQuery } from '../../../../features/watch/trace/queries.ts'
import { useRuntime } from '../../../../shell/runtime.ts'
import { useTitle } from '../../../../shell/title.ts'
import { PageHeader } from '../../../../ui/page-header.tsx'
import { useWords } from '../../../../words/words.tsx'

export const Route = createFileRoute('/_signed-in/_watch/trace/')({
  validateSearch: z.object({
    /** What is searched for: a text or an id. */
    q: z.string().min(1).max(200).optional().catch(undefined),
  }),
  loader: ({ context: { client, runtime } }) => runtime && client.ensureQueryData(recentMessagesQuery(runtime.id)),
  component: TracePage,
})

function TracePage() {
  const words = useWords().trace
  const runtime = useRuntime()
  const { q = '' } = Route.useSearch()
  const navigate = Route.useNavigate()
  useTitle(words.title)
  return (
    <>
      <PageHeader title={words.title} text={words.text} />
      {runtime && (
        <MessageSearch
          key={runtime.id}
          runtime={runtime}
          q={q}
          onSearch={(next) => void navigate({ search: (now) => ({ ...now, q: next || undefined }), replace: true })}
          onOpen={({ id }) => void navigate({ to: '/trace/$message', params: { message: id } })}
        />
      )}
    </>
  )
}
