import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Item } from '../../../src/schemas/item.ts'
import { itemQuery, useDeleteItem, useRestoreItem } from '../../api/items.ts'
import { Problem, tell } from '../../api/problem.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { DeleteOutdated } from './delete-outdated.tsx'
import { sections } from './places.ts'

export interface ItemDeleteProps {
  item: Item
  /** What a field is called. */
  labelOf(pointer: string): string
  onClose(): void
  onDone(): void
}

/**
 * Asks before an item is deleted, and says what would be left without it. What is deleted is the version that was there when
 * it was asked: what somebody saves meanwhile is shown first, and takes another yes.
 */
export function ItemDelete({ item, labelOf, onClose, onDone }: ItemDeleteProps) {
  const words = useWords()
  const remove = useDeleteItem()
  const restore = useRestoreItem()
  const reference = { kind: item.kind, name: item.name }
  const found = useQuery(itemQuery(reference))
  const [asked] = useState(item.version)
  const [shown, setShown] = useState<Item | null>(null)
  const usedBy = [...new Map((found.data?.usedBy ?? []).map((one) => [`${one.kind}/${one.name}`, one])).values()]
  const finish = (said: string, undo?: () => void): void => {
    onDone()
    toast(said, { undo })
  }
  const bringBack = (): void =>
    // The row that asked is gone by then, and its callbacks with it.
    void restore.mutateAsync(reference).then(
      () => toast(words.items.restored(item.name)),
      (error) => toast(tell(error, words).title, { kind: 'danger' }),
    )
  const look = async (error: unknown): Promise<void> => {
    if (!isConflict(error)) return
    const { data } = await found.refetch()
    if (data === undefined) return
    if (data.deletedAt === null) setShown(data)
    else finish(words.items.deletedBy(data.changedBy.name))
  }
  const isTold = remove.error && !(shown && isConflict(remove.error))
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
                <span key={`${one.kind}/${one.name}`} className="block break-words font-medium">
                  {`${words.shell.sections[sections[one.kind]]} › ${one.name}`}
                </span>
              ))}
            </span>
          )}
        </>
      }
      action={shown ? words.items.deleteVersion(shown.version) : words.ui.delete}
      pending={remove.isPending}
      error={isTold ? tell(remove.error, words).title : undefined}
      onConfirm={() =>
        remove.mutate(
          { ...reference, base: shown?.version ?? asked },
          {
            onSuccess: () => finish(words.items.deleted(item.name), bringBack),
            onError: (error) => void look(error),
          },
        )
      }
    >
      {shown && <DeleteOutdated item={shown} asked={asked} labelOf={labelOf} />}
    </ConfirmDialog>
  )
}

function isConflict(error: unknown): boolean {
  return error instanceof Problem && error.code === 'version_conflict'
}
