import { JsonView } from '../../ui/json-view.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { useWords } from '../../words/words.tsx'
import { ItemChanges } from './item-changes.tsx'
import type { Release } from './queries.ts'
import type { ItemViews } from './views.ts'

export type ReleaseView = 'changes' | 'document'

export interface ReleaseViewsProps {
  release: Release
  view: ReleaseView
  onView(view: ReleaseView): void
  views: ItemViews
}

/** What a release says: against the one before, and whole. */
export function ReleaseViews({ release, view, onView, views }: ReleaseViewsProps) {
  const words = useWords().releases
  const { n, changes, document } = release
  return (
    <Tabs<ReleaseView>
      label={words.views}
      value={view}
      onChange={onView}
      tabs={[
        {
          value: 'changes',
          label: words.changes,
          count: changes.length,
          content: (
            <>
              <p className="mb-3 text-soft text-sm">{n === 1 ? words.firstRelease : words.changesSince(n - 1)}</p>
              {changes.length === 0 ? (
                <p className="text-sm">{words.noChanges}</p>
              ) : (
                <ItemChanges changes={changes} views={views} />
              )}
            </>
          ),
        },
        { value: 'document', label: words.document, content: <JsonView value={document} /> },
      ]}
    />
  )
}
