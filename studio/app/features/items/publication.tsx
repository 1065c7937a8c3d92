import type { Item } from '../../../src/schemas/item.ts'
import { Badge } from '../../ui/status.tsx'
import { useFormats, useWords } from '../../words/words.tsx'

/** Whether what is saved is what is published, and in force. */
export function Publication({ item }: { item: Item }) {
  const words = useWords().items
  const formats = useFormats()
  const isDeleted = item.deletedAt !== null
  if (isDeleted && item.published !== null) return <Badge kind="warn">{words.deletedUnpublished}</Badge>
  if (!isDeleted && item.published === null) return <Badge kind="info">{words.unpublished}</Badge>
  if (!isDeleted && item.differs) return <Badge kind="warn">{words.changedSince(item.published ?? 0)}</Badge>
  const [first, ...others] = item.refusedBy
  if (first !== undefined) {
    return (
      <span title={formats.list(item.refusedBy)}>
        <Badge kind="danger">{words.refusedBy(first, others.length)}</Badge>
      </span>
    )
  }
  return isDeleted ? <Badge kind="muted">{words.deletedMark}</Badge> : <Badge kind="ok">{words.published}</Badge>
}

/** As it is sorted and searched. */
export function publicationRank(item: Item): number {
  if (item.published === null) return 0
  return item.differs || item.refusedBy.length > 0 ? 1 : 2
}
