import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link, notFound, useNavigate } from '@tanstack/react-router'
import { Download, GitCompareArrows, Undo2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { DownloadLink } from '../../../api/download-link.tsx'
import { releaseQuery, releasesQuery } from '../../../features/releases/queries.ts'
import { ReleaseViews } from '../../../features/releases/release-views.tsx'
import { TargetList } from '../../../features/releases/target-list.tsx'
import type { NamedRuntime } from '../../../features/releases/views.ts'
import { runtimesQuery } from '../../../features/runtimes/queries.ts'
import { useMay } from '../../../shell/me.ts'
import { useTitle } from '../../../shell/title.ts'
import { Button, buttonClasses } from '../../../ui/button.tsx'
import { PageHeader, Section } from '../../../ui/page-header.tsx'
import { Badge } from '../../../ui/status.tsx'
import { RelativeTime } from '../../../ui/time.tsx'
import { useWords } from '../../../words/words.tsx'
import { useItemViews } from '../-item-views.tsx'

const RollBackDialog = lazy(() => import('../../../features/releases/roll-back-dialog.tsx'))
const AdoptDialog = lazy(() => import('../../../features/releases/adopt-dialog.tsx'))

export const Route = createFileRoute('/_signed-in/releases/$n')({
  validateSearch: z.object({ view: z.literal('document').optional().catch(undefined) }),
  async loader({ context: { client }, params }) {
    if (!/^[1-9]\d{0,14}$/.test(params.n)) throw notFound()
    const n = Number(params.n)
    await Promise.all([
      client.ensureQueryData(releaseQuery(n)),
      client.ensureInfiniteQueryData(releasesQuery),
      client.ensureQueryData(runtimesQuery),
    ])
    return { n }
  },
  component: ReleasePage,
})

function ReleasePage() {
  const words = useWords().releases
  const { n } = Route.useLoaderData()
  const { view } = Route.useSearch()
  const release = useSuspenseQuery(releaseQuery(n)).data
  const releases = useSuspenseInfiniteQuery(releasesQuery).data.pages.flatMap((page) => page.data)
  const runtimes = useSuspenseQuery(runtimesQuery).data.data
  const mayOperate = useMay('operator')
  const mayEdit = useMay('editor')
  const views = useItemViews()
  const navigate = useNavigate()
  const [open, setOpen] = useState<'roll-back' | NamedRuntime | null>(null)
  const close = (): void => setOpen(null)
  const newest = releases[0]
  useTitle(words.release(n))
  return (
    <>
      <PageHeader
        up={<Link to="/releases">{words.title}</Link>}
        title={words.release(n)}
        badge={
          release.rollsBackTo !== null && (
            <Link to="/releases/$n" params={{ n: String(release.rollsBackTo) }} className="rounded-sm hover:underline">
              <Badge>{words.rollsBackTo(release.rollsBackTo)}</Badge>
            </Link>
          )
        }
        text={
          <>
            <span className="block whitespace-pre-wrap break-words text-base text-ink">{release.summary}</span>
            {words.by(release.author.name)} · <RelativeTime at={release.at} />
          </>
        }
        actions={
          <>
            <DownloadLink path={`/releases/${n}/export`} className={buttonClasses()} title={words.exportHint}>
              <Download className="size-4" aria-hidden />
              {words.export}
            </DownloadLink>
            <Link
              to="/releases/compare"
              search={newest && newest.n > n ? { from: n, to: newest.n } : { from: n - 1, to: n }}
              className={buttonClasses()}
            >
              <GitCompareArrows className="size-4" aria-hidden />
              {words.compare}
            </Link>
            {mayOperate && newest && newest.hash !== release.hash && (
              <Button icon={<Undo2 className="size-4" aria-hidden />} onClick={() => setOpen('roll-back')}>
                {words.rollBack}
              </Button>
            )}
          </>
        }
      />
      <Section title={words.targets}>
        <TargetList
          release={release}
          releases={releases}
          runtimes={runtimes}
          mayOperate={mayOperate}
          mayEdit={mayEdit}
          onAdopt={(id) => setOpen(runtimes.find((one) => one.id === id) ?? null)}
          views={views}
        />
      </Section>
      <ReleaseViews
        release={release}
        view={view ?? 'changes'}
        onView={(next) =>
          void navigate({
            to: '/releases/$n',
            params: { n: String(n) },
            search: next === 'document' ? { view: next } : {},
            replace: true,
          })
        }
        views={views}
      />
      <Suspense>
        {open === 'roll-back' && (
          <RollBackDialog
            n={n}
            runtimes={runtimes}
            views={views}
            onClose={close}
            onRolledBack={(next) => {
              close()
              void navigate({ to: '/releases/$n', params: { n: String(next) } })
            }}
          />
        )}
        {open !== null && open !== 'roll-back' && (
          <AdoptDialog
            runtime={open}
            views={views}
            onClose={close}
            onAdopted={() => void navigate({ to: '/releases/changes' })}
          />
        )}
      </Suspense>
    </>
  )
}
