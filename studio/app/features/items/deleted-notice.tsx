import type { Item } from '../../../src/schemas/item.ts'
import { useRestoreItem } from '../../api/items.ts'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'

/** Above what was deleted, with the way back. */
export function DeletedNotice({ item, mayRestore }: { item: Item; mayRestore: boolean }) {
  const words = useWords()
  const restore = useRestoreItem()
  return (
    <div className="mb-4">
      <Notice
        kind="info"
        action={
          mayRestore && (
            <Button
              size="small"
              pending={restore.isPending}
              onClick={() =>
                restore.mutate(
                  { kind: item.kind, name: item.name, base: item.version },
                  { onSuccess: () => toast(words.items.restored(item.name)) },
                )
              }
            >
              {words.items.restore}
            </Button>
          )
        }
      >
        {words.items.deletedBy(item.changedBy.name)}
        {restore.error && <span className="block text-danger">{tell(restore.error, words).title}</span>}
      </Notice>
    </div>
  )
}
