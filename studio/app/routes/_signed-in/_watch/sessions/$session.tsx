import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link } from '@tanstack/react-router'
import { z } from 'zod'
import { placeOf } from '../../../../features/watch/place.ts'
import { sessionQuery, transcriptQuery } from '../../../../features/watch/sessions/queries.ts'
import { SessionView } from '../../../../features/watch/sessions/session-view.tsx'
import type { Watched } from '../../../../features/watch/types.ts'
import { useRuntime } from '../../../../shell/runtime.ts'
import { useTitle } from '../../../../shell/title.ts'
import { buttonClasses } from '../../../../ui/button.tsx'
import { Code } from '../../../../ui/code.tsx'
import { PageHeader } from '../../../../ui/page-header.tsx'
import { Status } from '../../../../ui/status.tsx'
import { useWords } from '../../../../words/words.tsx'

export const Route = createFileRoute('/_signed-in/_watch/sessions/$session')({
  validateSearch: z.object({ view: z.enum(['person', 'model']).optional().catch(undefined) }),
  loader: ({ context: { client, runtime }, params: { session } }) =>
    runtime &&
    Promise.all([
      client.ensureQueryData(sessionQuery(runtime.id, session)),
      client.ensureInfiniteQueryData(transcriptQuery(runtime.id, session)),
    ]),
  component: SessionPage,
})

function SessionPage() {
  const runtime = useRuntime()
  const { session } = Route.useParams()
  return runtime && <SessionOf key={session} runtime={runtime} id={session} />
}

function SessionOf({ runtime, id }: { runtime: Watched; id: string }) {
  const words = useWords()
  const { view = 'person' } = Route.useSearch()
  const navigate = Route.useNavigate()
  const session = useSuspenseQuery(sessionQuery(runtime.id, id)).data
  const title = placeOf(session.address, words.watch)
  useTitle(title)
  return (
    <>
      <PageHeader
        up={<Link to="/sessions">{words.sessions.title}</Link>}
        title={title}
        badge={session.closedAt !== null && <Status kind="muted">{words.sessions.closed}</Status>}
        text={
          <>
            {words.watch.agent} {session.agent} · <Code>{session.address}</Code>
          </>
        }
        actions={
          <Link to="/tasks" search={{ session: id }} className={buttonClasses()}>
            {words.sessions.tasks}
          </Link>
        }
      />
      <SessionView
        runtime={runtime}
        id={id}
        view={view}
        onView={(next) => void navigate({ search: (now) => ({ ...now, view: next }), replace: true })}
      />
    </>
  )
}
