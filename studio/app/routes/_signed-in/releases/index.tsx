import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link, useNavigate } from '@tanstack/react-router'
import { Ellipsis, FileUp, GitCompareArrows, Rocket, Server } from 'lucide-react'
import { lazy, Suspense, useCallback, useState } from 'react'
import { changesQuery, type ListedRelease, releasesQuery } from '../../../features/releases/queries.ts'
import { ReleaseTable } from '../../../features/releases/release-table.tsx'
import type { NamedRuntime } from '../../../features/releases/views.ts'
import { runtimesQuery } from '../../../features/runtimes/queries.ts'
import { useMay } from '../../../shell/me.ts'
import { useTitle } from '../../../shell/title.ts'
import { Button, buttonClasses } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { useWords } from '../../../words/words.tsx'
import { useItemViews } from '../-item-views.tsx'

const AdoptDialog = lazy(() => import('../../../features/releases/adopt-dialog.tsx'))
const ImportDialog = lazy(() => import('../../../features/releases/import-dialog.tsx'))

export const Route = createFileRoute('/_signed-in/releases/')({
  loader: ({ context: { client } }) =>
    Promise.all([
      client.ensureInfiniteQueryData(releasesQuery),
      client.ensureQueryData(changesQuery),
      client.ensureQueryData(runtimesQuery),
    ]),
  component: ReleasesPage,
})

function ReleasesPage() {
  const words = useWords()
  const list = useSuspenseInfiniteQuery(releasesQuery)
  const releases = list.data.pages.flatMap((page) => page.data)
  const changes = useSuspenseQuery(changesQuery).data.data
  const runtimes = useSuspenseQuery(runtimesQuery).data.data
  const mayEdit = useMay('editor')
  const navigate = useNavigate()
  const [open, setOpen] = useState<'import' | NamedRuntime | null>(null)
  useTitle(words.releases.title)
  const linkOf = useCallback(
    ({ n }: ListedRelease) => (
      <Link to="/releases/$n" params={{ n: String(n) }} className="rounded-sm font-medium hover:underline">
        {n}
      </Link>
    ),
    [],
  )
  const review = changes.length > 0 && (
    <Link to="/releases/changes" className={buttonClasses('primary')}>
      {words.changes.review}
      <span className="rounded-sm bg-white/20 px-1 text-xs">{changes.length}</span>
    </Link>
  )
  return (
    <>
      <PageHeader
        title={words.releases.title}
        text={words.releases.text}
        actions={
          <>
            {mayEdit && (
              <Menu
                trigger={<IconButton label={words.ui.more} icon={<Ellipsis className="size-4" aria-hidden />} />}
                groups={[
                  {
                    items: [
                      {
                        label: words.releases.import,
                        icon: <FileUp className="size-4" aria-hidden />,
                        onSelect: () => setOpen('import'),
                      },
                      ...runtimes.map((runtime) => ({
                        label: words.releases.adoptFrom(runtime.name),
                        icon: <Server className="size-4" aria-hidden />,
                        onSelect: () => setOpen(runtime),
                      })),
                    ],
                  },
                ]}
              />
            )}
            {releases.length > 0 && (
              <Link to="/releases/compare" className={buttonClasses()}>
                <GitCompareArrows className="size-4" aria-hidden />
                {words.releases.compare}
              </Link>
            )}
            {releases.length > 0 && review}
          </>
        }
      />
      {releases.length === 0 ? (
        <EmptyState
          icon={<Rocket aria-hidden />}
          title={words.releases.empty}
          text={words.releases.emptyHint}
          action={
            <>
              {review}
              {mayEdit &&
                runtimes.map((runtime) => (
                  <Button key={runtime.id} onClick={() => setOpen(runtime)}>
                    {words.releases.adoptFrom(runtime.name)}
                  </Button>
                ))}
              {mayEdit && <Button onClick={() => setOpen('import')}>{words.releases.import}</Button>}
            </>
          }
        />
      ) : (
        <>
          <ReleaseTable
            releases={releases}
            linkOf={linkOf}
            onOpen={({ n }) => void navigate({ to: '/releases/$n', params: { n: String(n) } })}
          />
          {list.hasNextPage && (
            <LoadMore
              shown={releases.length}
              more
              pending={list.isFetchingNextPage}
              onMore={() => void list.fetchNextPage()}
            />
          )}
        </>
      )}
      <Floating open={open} onClose={() => setOpen(null)} />
    </>
  )
}

/** What is taken in is reviewed next. */
function Floating({ open, onClose }: { open: 'import' | NamedRuntime | null; onClose: () => void }) {
  const views = useItemViews()
  const navigate = useNavigate()
  const toChanges = (): void => {
    onClose()
    void navigate({ to: '/releases/changes' })
  }
  return (
    <Suspense>
      {open === 'import' && <ImportDialog views={views} onClose={onClose} onImported={toChanges} />}
      {open !== null && open !== 'import' && (
        <AdoptDialog runtime={open} views={views} onClose={onClose} onAdopted={toChanges} />
      )}
    </Suspense>
  )
}
