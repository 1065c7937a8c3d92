import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute, Link, notFound, useNavigate } from '@tanstack/react-router'
import { z } from 'zod'
import { Comparison } from '../../../features/releases/comparison.tsx'
import { comparisonQuery, releasesQuery } from '../../../features/releases/queries.ts'
import { useTitle } from '../../../shell/title.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { useWords } from '../../../words/words.tsx'
import { useItemViews } from '../-item-views.tsx'

/** Without numbers: the newest, against the one before. */
export const Route = createFileRoute('/_signed-in/releases/compare')({
  validateSearch: z.object({
    from: z.int().min(0).optional().catch(undefined),
    to: z.int().min(1).optional().catch(undefined),
  }),
  loaderDeps: ({ search: { from, to } }) => ({ from, to }),
  async loader({ context: { client }, deps }) {
    const [page] = (await client.ensureInfiniteQueryData(releasesQuery)).pages
    const to = deps.to ?? page?.data[0]?.n
    if (to === undefined) throw notFound()
    const from = deps.from ?? to - 1
    await client.ensureQueryData(comparisonQuery(from, to))
    return { from, to }
  },
  component: ComparePage,
})

function ComparePage() {
  const words = useWords().releases
  const { from, to } = Route.useLoaderData()
  const releases = useSuspenseInfiniteQuery(releasesQuery).data.pages.flatMap((page) => page.data)
  const { changes } = useSuspenseQuery(comparisonQuery(from, to)).data
  const views = useItemViews()
  const navigate = useNavigate()
  useTitle(words.compareTitle)
  return (
    <>
      <PageHeader up={<Link to="/releases">{words.title}</Link>} title={words.compareTitle} text={words.compareText} />
      <Comparison
        from={from}
        to={to}
        releases={releases}
        changes={changes}
        views={views}
        onChoose={(nextFrom, nextTo) =>
          void navigate({ to: '/releases/compare', search: { from: nextFrom, to: nextTo }, replace: true })
        }
      />
    </>
  )
}
