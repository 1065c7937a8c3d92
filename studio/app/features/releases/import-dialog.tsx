import { skipToken, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { Problem, tell } from '../../api/problem.ts'
import { sayProblem } from '../../api/say-problem.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ListSkeleton } from '../../ui/skeleton.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { ItemChanges } from './item-changes.tsx'
import { importQuery, useImport } from './queries.ts'
import type { ItemViews } from './views.ts'

export interface ImportDialogProps {
  views: ItemViews
  onClose(): void
  onImported(): void
}

/** Makes items of a file; what that changes is shown before it is done. */
export default function ImportDialog({ views, onClose, onImported }: ImportDialogProps) {
  const words = useWords()
  const id = useId()
  const [file, setFile] = useState<string | null>(null)
  const [document, setDocument] = useState<Record<string, unknown> | 'unreadable' | null>(null)
  const [replace, setReplace] = useState(false)
  const [reason, setReason] = useState('')
  const read = document === 'unreadable' ? null : document
  const asked = importQuery(read ?? {}, replace)
  const preview = useQuery({ ...asked, queryFn: read === null ? skipToken : asked.queryFn })
  const save = useImport()
  const seen = read === null ? undefined : preview.data
  const error = save.error ?? preview.error
  const places = error instanceof Problem ? error.errors : []
  const count = seen?.changes.length ?? 0
  return (
    <Dialog
      open
      width="wide"
      onClose={onClose}
      title={words.releases.importTitle}
      text={words.releases.importText}
      onSubmit={() => {
        if (read === null || seen === undefined || count === 0) return
        save.mutate(
          { document: read, replace, reason, seen },
          {
            // Somebody saved meanwhile: what would change now is shown.
            onError: () => void preview.refetch(),
            onSuccess({ changes }) {
              toast(words.releases.imported(changes.length))
              onImported()
            },
          },
        )
      }}
      actions={
        <>
          <Button onClick={onClose}>{words.ui.cancel}</Button>
          <Button type="submit" variant="primary" pending={save.isPending} disabled={count === 0}>
            {count === 0 ? words.releases.importNow : words.releases.importAction(count)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="font-medium text-sm">
          {words.releases.importFile}
        </label>
        <div className="field relative flex h-8 items-center gap-3 px-1.5 text-sm">
          <span aria-hidden className="shrink-0 rounded-sm bg-chosen px-2 py-0.5">
            {words.releases.importChoose}
          </span>
          <span aria-hidden className="min-w-0 truncate text-soft">
            {file}
          </span>
          {/* Of itself it speaks the language of the browser, and not that of the page. */}
          <input
            id={id}
            type="file"
            accept=".json,application/json"
            className="absolute inset-0 cursor-pointer opacity-0"
            aria-invalid={document === 'unreadable' || undefined}
            aria-describedby={document === 'unreadable' ? `${id}-said` : undefined}
            onChange={(event) => {
              const [given] = event.target.files ?? []
              save.reset()
              setFile(given?.name ?? null)
              void readJson(given).then(setDocument)
            }}
          />
        </div>
        {document === 'unreadable' && (
          <p id={`${id}-said`} className="text-danger text-xs">
            {words.releases.importUnreadable}
          </p>
        )}
      </div>
      <Checkbox
        checked={replace}
        onChange={setReplace}
        label={words.releases.importReplace}
        hint={words.releases.importReplaceHint}
      />
      {error && (
        <Notice kind="danger">
          {/* It names the first of them, as the service has it. */}
          {places.length === 0 && <p>{tell(error, words).title}</p>}
          <ul>
            {places.map(({ pointer, detail }) => (
              <li key={pointer + detail} className="break-words">
                <code className="font-mono">{pointer.replace(/^\/document/, '') || '/'}</code>{' '}
                {sayProblem(detail, words)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {read !== null && preview.isPending && <ListSkeleton rows={3} />}
      {seen &&
        (count === 0 ? (
          <Notice kind="ok">{words.releases.importNothing}</Notice>
        ) : (
          <>
            <section aria-label={words.releases.importWould}>
              <p className="mb-1.5 flex gap-2 font-medium text-sm">
                {words.releases.importWould}
                <span className="font-normal text-faint">{words.releases.unchanged(seen.unchanged)}</span>
              </p>
              <ItemChanges changes={seen.changes} views={views} />
            </section>
            <TextField label={words.releases.importReason} optional value={reason} onChange={setReason} />
          </>
        ))}
    </Dialog>
  )
}

async function readJson(file: File | undefined): Promise<Record<string, unknown> | 'unreadable' | null> {
  if (file === undefined) return null
  try {
    const value: unknown = JSON.parse(await file.text())
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : 'unreadable'
  } catch {
    return 'unreadable'
  }
}
