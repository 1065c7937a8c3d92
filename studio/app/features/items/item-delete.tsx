import { useQuery } from '@tanstack/react-query'
import type { Item } from '../../../src/schemas/item.ts'
import { itemQuery, useDeleteItem, useRestoreItem } from '../../api/items.ts'
import { tell } from '../../api/problem.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { sections } from './places.ts'

export interface ItemDeleteProps {
  item: Item
  onClose(): void
  onDone(): void
}

/** Asks before an item is deleted, and says what would be left without it. */
export function ItemDelete({ item, onClose, onDone }: ItemDeleteProps) {
  const words = useWords()
  const remove = useDeleteItem()
  const restore = useRestoreItem()
  const reference = { kind: item.kind, name: item.name }
  const found = useQuery(itemQuery(reference))
  const usedBy = [...new Map((found.data?.usedBy ?? []).map((one) => [`${one.kind}/${one.name}`, one])).values()]
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words.items.deleteTitle(item.name)}
      text={
        <>
          {words.items.deleteText}
          {usedBy.length > 0 && (
            <span className="mt-2 block rounded-md bg-warn-soft px-3 py-2 text-warn">
              {words.items.deleteUsed}
              {usedBy.map((one) => (
                <span key={`${one.kind}/${one.name}`} className="block font-medium">
                  {`${words.shell.sections[sections[one.kind]]} › ${one.name}`}
                </span>
              ))}
            </span>
          )}
        </>
      }
      action={words.ui.delete}
      pending={remove.isPending}
      error={remove.error ? tell(remove.error, words).title : undefined}
      onConfirm={() =>
        remove.mutate(
          { ...reference, base: found.data?.version ?? item.version },
          {
            onSuccess() {
              onDone()
              toast(words.items.deleted(item.name), {
                // The row that asked is gone by then, and its callbacks with it.
                undo: () =>
                  void restore.mutateAsync(reference).then(
                    () => toast(words.items.restored(item.name)),
                    (error) => toast(tell(error, words).title, { kind: 'danger' }),
                  ),
              })
            },
          },
        )
      }
    />
  )
}
