import { useQuery } from '@tanstack/react-query'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ListSkeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { ItemChanges } from './item-changes.tsx'
import { adoptionQuery, useAdopt } from './queries.ts'
import type { ItemViews, NamedRuntime } from './views.ts'

export interface AdoptDialogProps {
  runtime: NamedRuntime
  views: ItemViews
  onClose(): void
  onAdopted(): void
}

/** Takes over as items what runs on a runtime, after it was shown what that changes here. */
export default function AdoptDialog({ runtime, views, onClose, onAdopted }: AdoptDialogProps) {
  const words = useWords()
  const preview = useQuery(adoptionQuery(runtime.id))
  const adopt = useAdopt()
  const seen = preview.data
  const error = adopt.error ?? preview.error
  const told = error ? tell(error, words) : null
  return (
    <Dialog
      open
      width="wide"
      onClose={onClose}
      title={words.releases.adoptTitle(runtime.name)}
      text={words.releases.adoptText}
      actions={
        <>
          <Button onClick={onClose}>{words.ui.cancel}</Button>
          <Button
            variant="primary"
            pending={adopt.isPending}
            disabled={seen === undefined || seen.changes.length === 0}
            onClick={() => {
              if (seen === undefined) return
              adopt.mutate(
                { runtime: runtime.id, seen },
                {
                  // Somebody saved meanwhile: what would change now is shown.
                  onError: () => void preview.refetch(),
                  onSuccess({ changes }) {
                    toast(words.releases.adopted(changes.length))
                    onAdopted()
                  },
                },
              )
            }}
          >
            {words.releases.adopt}
          </Button>
        </>
      }
    >
      {told && (
        <Notice kind="danger">
          {told.title} {told.text}
        </Notice>
      )}
      {preview.isPending ? (
        <ListSkeleton rows={3} />
      ) : (
        seen &&
        (seen.changes.length === 0 ? (
          <Notice kind="ok">{words.releases.adoptNothing}</Notice>
        ) : (
          <ItemChanges changes={seen.changes} views={views} />
        ))
      )}
    </Dialog>
  )
}
