import { createFileRoute, Link } from '@tanstack/react-router'
import { MessageWay } from '../../../../features/watch/trace/message-way.tsx'
import { traceQuery } from '../../../../features/watch/trace/queries.ts'
import { useRuntime } from '../../../../shell/runtime.ts'
import { useTitle } from '../../../../shell/title.ts'
import { PageHeader } from '../../../../ui/page-header.tsx'
import { useWords } from '../../../../words/words.tsx'

export const Route = createFileRoute('/_signed-in/_watch/trace/$message')({
  loader: ({ context: { client, runtime }, params: { message } }) =>
    runtime && client.ensureQueryData(traceQuery(runtime.id, message)),
  component: MessagePage,
})

function MessagePage() {
  const words = useWords().trace
  const runtime = useRuntime()
  const { message } = Route.useParams()
  useTitle(words.title)
  return (
    <>
      <PageHeader up={<Link to="/trace">{words.recent}</Link>} title={words.title} />
      {runtime && <MessageWay key={message} runtime={runtime} id={message} />}
    </>
  )
}
