import { ChangedList } from '../../ui/changed-list.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { useWords } from '../../words/words.tsx'
import type { PublishDraft } from './publish-draft.ts'
import type { Change } from './queries.ts'
import { type ItemViews, keyOf } from './views.ts'

export interface ChangeChoiceProps {
  changes: readonly Change[]
  /** Which are published; `null` where nobody may choose. */
  draft: PublishDraft | null
  views: ItemViews
}

/** Everything that is saved and not published, each with a box to leave it out. */
export function ChangeChoice({ changes, draft, views }: ChangeChoiceProps) {
  const words = useWords()
  const without = draft?.value.withoutItems ?? []
  const count = changes.filter((change) => !without.includes(keyOf(change))).length
  return (
    <>
      {draft && changes.length > 1 && (
        <div className="mb-2">
          <Checkbox
            label={
              <>
                {words.changes.all}
                <span className="ml-2 text-faint">{words.changes.chosen(count, changes.length)}</span>
              </>
            }
            checked={count === changes.length}
            indeterminate={count > 0 && count < changes.length}
            onChange={(checked) => draft.set({ ...draft.value, withoutItems: checked ? [] : changes.map(keyOf) })}
          />
        </div>
      )}
      <ChangedList
        label={words.changes.list}
        things={changes.map((change) => ({
          key: keyOf(change),
          name: change.name,
          title: views.titleOf(change),
          change: change.change,
          differences: change.difference,
          labelOf: (pointer) => views.labelOf(change, pointer),
          choose: draft && (
            <Checkbox
              hideLabel
              label={words.changes.choose(change.name)}
              checked={!without.includes(keyOf(change))}
              onChange={(checked) => draft.toggle('withoutItems', keyOf(change), checked)}
            />
          ),
          note: (
            <>
              {change.reason && <span className="mr-2 text-soft">{change.reason}</span>}
              {change.changedBy.name} · <RelativeTime at={change.changedAt} />
            </>
          ),
        }))}
      />
    </>
  )
}
