import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link } from '@tanstack/react-router'
import { itemsQuery } from '../../api/items.ts'
import { releasesQuery } from '../../features/releases/queries.ts'
import { runtimesQuery } from '../../features/runtimes/queries.ts'
import { FirstSteps } from '../../features/start/first-steps.tsx'
import { useMay } from '../../shell/me.ts'
import { useTitle } from '../../shell/title.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useWords } from '../../words/words.tsx'

const kinds = ['provider', 'agent', 'connector', 'route'] as const

export const Route = createFileRoute('/_signed-in/start')({
  loader: ({ context: { client } }) =>
    Promise.all([
      client.ensureInfiniteQueryData(releasesQuery),
      ...kinds.map((kind) => client.ensureQueryData(itemsQuery(kind))),
    ]),
  component: StartPage,
})

function StartPage() {
  const words = useWords().start
  const [provider, agent, connector, route] = [
    useHas('provider'),
    useHas('agent'),
    useHas('connector'),
    useHas('route'),
  ]
  const runtime = useSuspenseQuery(runtimesQuery).data.data.length > 0
  const release = (useSuspenseInfiniteQuery(releasesQuery).data.pages[0]?.data.length ?? 0) > 0
  const [edits, operates, administers] = [useMay('editor'), useMay('operator'), useMay('admin')]
  useTitle(words.title)
  return (
    <>
      <PageHeader title={words.title} text={words.text} />
      {release && (
        <div className="mb-5 max-w-3xl">
          <Notice
            kind="ok"
            action={
              <Link to="/sessions" className="shrink-0 font-medium underline">
                {words.watch}
              </Link>
            }
          >
            {words.allDone}
          </Notice>
        </div>
      )}
      <FirstSteps
        done={{ runtime, provider, agent, connector, route, release }}
        may={{
          ...{ provider: edits, agent: edits, connector: edits, route: edits },
          ...{ runtime: administers, release: operates },
        }}
      />
    </>
  )
}

function useHas(kind: (typeof kinds)[number]): boolean {
  return useSuspenseQuery(itemsQuery(kind)).data.data.length > 0
}
