import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useNavigate } from '@tanstack/react-router'
import { CircleCheckBig } from 'lucide-react'
import { useRef } from 'react'
import { ChangeChoice } from '../../../features/releases/change-choice.tsx'
import { latestTargets } from '../../../features/releases/latest.ts'
import { usePublishDraft } from '../../../features/releases/publish-draft.ts'
import { PublishForm } from '../../../features/releases/publish-form.tsx'
import { changesQuery, releasesQuery } from '../../../features/releases/queries.ts'
import { keyOf } from '../../../features/releases/views.ts'
import { runtimesQuery } from '../../../features/runtimes/queries.ts'
import { useMay } from '../../../shell/me.ts'
import { useShortcuts } from '../../../shell/shortcuts.ts'
import { useTitle } from '../../../shell/title.ts'
import { buttonClasses } from '../../../ui/button.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panes } from '../../../ui/panes.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useWords } from '../../../words/words.tsx'
import { useItemViews } from '../-item-views.tsx'

export const Route = createFileRoute('/_signed-in/releases/changes')({
  loader: ({ context: { client } }) =>
    Promise.all([
      client.ensureQueryData(changesQuery),
      client.ensureInfiniteQueryData(releasesQuery),
      client.ensureQueryData(runtimesQuery),
    ]),
  component: ChangesPage,
})

function ChangesPage() {
  const words = useWords()
  const { data: changes, release } = useSuspenseQuery(changesQuery).data
  const releases = useSuspenseInfiniteQuery(releasesQuery).data.pages.flatMap((page) => page.data)
  const runtimes = useSuspenseQuery(runtimesQuery).data.data
  const mayPublish = useMay('operator')
  const draft = usePublishDraft()
  const views = useItemViews()
  const navigate = useNavigate()
  const summary = useRef<HTMLDivElement>(null)
  useTitle(words.changes.title)
  useShortcuts([
    {
      keys: 'p',
      ...(mayPublish ? { label: words.changes.focusSummary } : {}),
      run: () => summary.current?.querySelector('textarea')?.focus(),
    },
  ])
  const drifted = [...latestTargets(releases)].filter(([, { target }]) => target.state === 'drifted')
  const list = <ChangeChoice changes={changes} draft={mayPublish ? draft : null} views={views} />
  return (
    <>
      <PageHeader
        up={<Link to="/releases">{words.releases.title}</Link>}
        title={words.changes.title}
        text={words.changes.text(release)}
      />
      {changes.length === 0 ? (
        <EmptyState
          icon={<CircleCheckBig aria-hidden />}
          title={words.changes.empty}
          text={words.changes.emptyHint}
          // Whoever published in another window, or lost the answer, finds here what became of it.
          action={
            release !== null && (
              <Link to="/releases/$n" params={{ n: String(release) }} className={buttonClasses()}>
                {words.releases.release(release)}
              </Link>
            )
          }
        />
      ) : mayPublish ? (
        <Panes
          sideWidth="form"
          sideLabel={words.changes.publishTitle}
          side={
            <PublishForm
              draft={draft}
              chosen={changes.filter((change) => !draft.value.withoutItems.includes(keyOf(change)))}
              runtimes={runtimes}
              drifted={drifted.map(([id]) => id)}
              views={views}
              summary={summary}
              onPublished={(n) => void navigate({ to: '/releases/$n', params: { n: String(n) } })}
            />
          }
        >
          {list}
        </Panes>
      ) : (
        <>
          <p className="mb-3 text-soft text-sm">{words.changes.mayNot}</p>
          {list}
        </>
      )}
    </>
  )
}
