import { useQuery } from '@tanstack/react-query'
import type { Item } from '../../../src/schemas/item.ts'
import { versionDifferenceQuery } from '../../api/items.ts'
import { tell } from '../../api/problem.ts'
import { Differences } from '../../ui/difference.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ListSkeleton } from '../../ui/skeleton.tsx'
import { useWords } from '../../words/words.tsx'

export interface DeleteOutdatedProps {
  /** As it is now. */
  item: Item
  /** The version that was to be deleted. */
  asked: number
  /** What a field is called. */
  labelOf(pointer: string): string
}

/** What somebody else saved of an item between the question whether to delete it and the yes. */
export function DeleteOutdated({ item, asked, labelOf }: DeleteOutdatedProps) {
  const words = useWords()
  const found = useQuery(versionDifferenceQuery(item, asked, item.version))
  return (
    <div className="flex flex-col gap-2">
      <Notice kind="warn">{words.items.deleteOutdated(item.changedBy.name, item.version, asked)}</Notice>
      {found.error && <Notice kind="danger">{tell(found.error, words).title}</Notice>}
      {found.data ? (
        <Differences differences={found.data.difference} labelOf={labelOf} />
      ) : (
        !found.error && <ListSkeleton rows={2} />
      )}
    </div>
  )
}
