import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { GitCompare, Undo2 } from 'lucide-react'
import type { Item } from '../../../src/schemas/item.ts'
import { useRestoreItem, versionDifferenceQuery, versionQuery, versionsQuery } from '../../api/items.ts'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Differences } from '../../ui/difference.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import { ListSkeleton } from '../../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { VersionList } from './version-list.tsx'

export interface VersionHistoryProps {
  item: Item
  mayEdit: boolean
  /** The two that are compared, as the URL has them. */
  from: number | undefined
  to: number | undefined
  onCompare(from: number | undefined, to: number): void
  /** What a field is called. */
  labelOf(pointer: string): string
}

/** All versions, what differs between two of them, and the way back to one. */
export function VersionHistory({ item, mayEdit, from, to, onCompare, labelOf }: VersionHistoryProps) {
  const words = useWords()
  const reference = { kind: item.kind, name: item.name }
  const versions = useSuspenseQuery(versionsQuery(reference)).data.data
  const shown = versions.find(({ n }) => n === to) ?? versions[0]
  if (!shown) return null
  // What an address asks for may never have been; another one instead is said to be that.
  const missing = [from, to].filter((n) => n !== undefined).filter((n) => !versions.some((one) => one.n === n))
  const before = versions.find(({ n }) => n === from)?.n ?? (shown.n > 1 ? shown.n - 1 : null)
  return (
    <div className="grid gap-6 lg:grid-cols-[20rem_minmax(0,1fr)] lg:gap-8">
      <VersionList item={item} versions={versions} shown={shown.n} onShow={(n) => onCompare(undefined, n)} />
      <section className="min-w-0" aria-label={words.items.difference}>
        <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2">
          <h2 className="font-semibold text-lg">{words.items.version(shown.n)}</h2>
          {before !== null && (
            <span className="flex items-center gap-2 text-soft text-sm">
              {words.items.comparedWith}
              <Select
                label={words.items.comparedWith}
                hideLabel
                className="w-44"
                value={String(before)}
                onChange={(value) => onCompare(Number(value), shown.n)}
                choices={versions
                  .filter(({ n }) => n !== shown.n || n === before)
                  .map(({ n, author }) => ({
                    value: String(n),
                    label: words.items.version(n),
                    hint: author.name,
                  }))}
              />
            </span>
          )}
          {mayEdit && shown.n !== item.version && !shown.deleted && (
            <span className="ml-auto">
              <RestoreVersion item={item} n={shown.n} onRestored={(n) => onCompare(undefined, n)} />
            </span>
          )}
        </div>
        {shown.reason && (
          <p className="mb-3 max-w-prose text-soft text-sm wrap-anywhere">
            {words.items.reasonOf(shown.author.name, shown.reason)}
          </p>
        )}
        {missing.length > 0 && (
          <div className="mb-3">
            <Notice kind="warn">{words.items.noVersion(missing)}</Notice>
          </div>
        )}
        {before === null ? (
          <Only item={item} n={shown.n} labelOf={labelOf} />
        ) : (
          <Between item={item} from={before} to={shown.n} labelOf={labelOf} />
        )}
      </section>
    </div>
  )
}

type Labelled = Pick<VersionHistoryProps, 'item' | 'labelOf'>

function Between({ item, from, to, labelOf }: Labelled & { from: number; to: number }) {
  const words = useWords()
  const found = useQuery(versionDifferenceQuery(item, from, to))
  if (found.error) return <ErrorState {...tell(found.error, words)} onRetry={() => void found.refetch()} />
  if (!found.data) return <ListSkeleton rows={3} />
  if (found.data.difference.length === 0) {
    return <EmptyState icon={<GitCompare aria-hidden />} title={words.ui.noDifference} />
  }
  return <Differences differences={found.data.difference} labelOf={labelOf} />
}

/** The first one, which differs from nothing: all that it says. */
function Only({ item, n, labelOf }: Labelled & { n: number }) {
  const words = useWords()
  const found = useQuery(versionQuery(item, n))
  if (found.error) return <ErrorState {...tell(found.error, words)} onRetry={() => void found.refetch()} />
  if (!found.data) return <ListSkeleton rows={3} />
  return (
    <Differences
      labelOf={labelOf}
      differences={Object.entries(found.data.content).map(([key, after]) => ({ pointer: `/${key}`, after }))}
    />
  )
}

function RestoreVersion({ item, n, onRestored }: { item: Item; n: number; onRestored: (n: number) => void }) {
  const words = useWords()
  const restore = useRestoreItem()
  const { kind, name } = item
  const bring = (version: number, base: number, undoTo: number | null): void =>
    restore.mutate(
      { kind, name, version, base, reason: words.items.restoredReason(version) },
      {
        onSuccess(saved) {
          onRestored(saved.version)
          toast(words.items.restoredVersion(version, saved.version), {
            undo: undoTo === null ? undefined : () => bring(undoTo, saved.version, null),
          })
        },
        onError: (error) => toast(tell(error, words).title, { kind: 'danger' }),
      },
    )
  return (
    <Button
      icon={<Undo2 className="size-4" aria-hidden />}
      pending={restore.isPending}
      onClick={() => bring(n, item.version, item.deletedAt === null ? item.version : null)}
    >
      {words.items.restoreVersion}
    </Button>
  )
}
