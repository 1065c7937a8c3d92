import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ListSkeleton } from '../../ui/skeleton.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { ItemChanges } from './item-changes.tsx'
import { rollBackQuery, useRollBack } from './queries.ts'
import { Verdict } from './verdict.tsx'
import { type ItemViews, keyOf, type NamedRuntime } from './views.ts'

export interface RollBackDialogProps {
  /** The release that comes back. */
  n: number
  runtimes: readonly NamedRuntime[]
  views: ItemViews
  onClose(): void
  onRolledBack(n: number): void
}

/** Asks before an older release comes back, with all that it changes. */
export default function RollBackDialog({ n, runtimes, views, onClose, onRolledBack }: RollBackDialogProps) {
  const words = useWords()
  const preview = useQuery(rollBackQuery(n))
  const rollBack = useRollBack(n)
  const [summary, setSummary] = useState(words.releases.rollBackSummary(n))
  const seen = preview.data
  const against = seen?.verdict.against ?? []
  const isRefusedByAll = runtimes.length > 0 && against.length >= runtimes.length
  const isSame = seen !== undefined && seen.changes.length === 0
  const error = rollBack.error ?? preview.error
  const text = summary.trim()
  return (
    <Dialog
      open
      width="wide"
      onClose={onClose}
      title={words.releases.rollBackTitle(n)}
      text={words.releases.rollBackText(n)}
      onSubmit={() => {
        if (seen === undefined || isSame || isRefusedByAll || text === '') return
        rollBack.mutate(
          { summary: text, anyway: against.length > 0 },
          {
            onSuccess({ release }) {
              toast(words.releases.rolledBack(release.n, n))
              onRolledBack(release.n)
            },
          },
        )
      }}
      actions={
        <>
          <Button onClick={onClose}>{words.ui.cancel}</Button>
          <Button
            type="submit"
            variant="primary"
            pending={rollBack.isPending}
            disabled={seen === undefined || isSame || isRefusedByAll}
          >
            {words.releases.rollBackAction}
          </Button>
        </>
      }
    >
      {error && <Notice kind="danger">{tell(error, words).title}</Notice>}
      {preview.isPending ? (
        <ListSkeleton rows={3} />
      ) : (
        seen &&
        (isSame ? (
          <Notice kind="info">{words.releases.rollBackSame}</Notice>
        ) : (
          <>
            {seen.laidAside.length > 0 && (
              <Notice kind="warn">
                <p className="font-medium">{words.releases.laidAside(seen.laidAside.length)}</p>
                <ul>
                  {seen.laidAside.map((item) => (
                    <li key={keyOf(item)}>
                      {words.releases.versionOf(`${words.releases.kinds[item.kind]} ${item.name}`, item.version)}
                    </li>
                  ))}
                </ul>
                <p>{words.releases.laidAsideText}</p>
              </Notice>
            )}
            <section aria-label={words.releases.changes}>
              {seen.from !== null && (
                <p className="mb-1.5 font-medium text-sm">{words.releases.rollBackChanges(seen.from)}</p>
              )}
              <ItemChanges changes={seen.changes} views={views} />
            </section>
            {runtimes.length > 0 && (
              <Verdict verdict={seen.verdict} asked={runtimes.length} runtimes={runtimes} views={views} />
            )}
            <TextField
              label={words.releases.summary}
              value={summary}
              onChange={setSummary}
              error={text === '' ? words.ui.required : undefined}
            />
          </>
        ))
      )}
    </Dialog>
  )
}
