import { ArrowLeftRight } from 'lucide-react'
import { IconButton } from '../../ui/icon-button.tsx'
import { Select } from '../../ui/select.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useWords } from '../../words/words.tsx'
import { ItemChanges } from './item-changes.tsx'
import type { ItemDifference, ListedRelease } from './queries.ts'
import type { ItemViews } from './views.ts'

export interface ComparisonProps {
  /** 0 is what was before the first. */
  from: number
  to: number
  releases: readonly ListedRelease[]
  changes: readonly ItemDifference[]
  views: ItemViews
  onChoose(from: number, to: number): void
}

/** Any two releases, and what differs. */
export function Comparison({ from, to, releases, changes, views, onChoose }: ComparisonProps) {
  const words = useWords().releases
  const choices = releases.map(({ n, summary }) => ({ value: String(n), label: words.release(n), hint: summary }))
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-2">
        <Select
          label={words.from}
          className="w-full sm:w-56"
          value={String(from)}
          onChange={(value) => onChoose(Number(value), to)}
          choices={[...choices, { value: '0', label: words.nothing }]}
        />
        <IconButton
          label={words.swap}
          icon={<ArrowLeftRight className="size-4" aria-hidden />}
          disabled={from === 0}
          onClick={() => onChoose(to, from)}
        />
        <Select
          label={words.to}
          className="w-full sm:w-56"
          value={String(to)}
          onChange={(value) => onChoose(from, Number(value))}
          choices={choices}
        />
      </div>
      {changes.length === 0 ? <EmptyState title={words.same} /> : <ItemChanges changes={changes} views={views} />}
    </>
  )
}
