import { ChangedList } from '../../ui/changed-list.tsx'
import { useWords } from '../../words/words.tsx'
import type { ItemDifference } from './queries.ts'
import { type ItemViews, keyOf } from './views.ts'

/** What a release, a roll-back or a file changes, item by item. */
export function ItemChanges({ changes, views }: { changes: readonly ItemDifference[]; views: ItemViews }) {
  const words = useWords()
  return (
    <ChangedList
      label={words.releases.changes}
      things={changes.map((change) => ({
        key: keyOf(change),
        name: change.name,
        title: views.titleOf(change),
        change: change.change,
        differences: change.difference,
        labelOf: (pointer) => views.labelOf(change, pointer),
      }))}
    />
  )
}
