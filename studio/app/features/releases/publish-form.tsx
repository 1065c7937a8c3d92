import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type RefObject, useState } from 'react'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { toast } from '../../ui/toast.ts'
import { useFormats, useWords } from '../../words/words.tsx'
import type { PublishDraft } from './publish-draft.ts'
import { type Change, usePublish, verdictQuery } from './queries.ts'
import { Verdict } from './verdict.tsx'
import { type ItemViews, type NamedRuntime, namesOf } from './views.ts'

export interface PublishFormProps {
  draft: PublishDraft
  /** What was chosen of the changes. */
  chosen: readonly Change[]
  runtimes: readonly NamedRuntime[]
  /** Ids of those that have something that this Studio did not publish. */
  drifted: readonly string[]
  views: ItemViews
  /** Around the summary: the page's shortcut puts the focus there. */
  summary: RefObject<HTMLDivElement | null>
  onPublished(n: number): void
}

/** The summary, the runtimes, what these say of it, and the button. */
export function PublishForm(props: PublishFormProps) {
  const { draft, chosen, runtimes, drifted, views, summary, onPublished } = props
  const words = useWords()
  const formats = useFormats()
  const publish = usePublish()
  const [force, setForce] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const targets = runtimes.filter(({ id }) => !draft.value.withoutRuntimes.includes(id))
  const items = chosen.map(({ kind, name, to }) => ({ kind, name, version: to }))
  const named = targets.length === runtimes.length ? {} : { runtimes: targets.map(({ id }) => id) }
  const isWhole = items.length > 0 && (targets.length > 0 || runtimes.length === 0)
  const verdict = useQuery({
    ...verdictQuery({ items, ...named }),
    enabled: isWhole,
    placeholderData: keepPreviousData,
  })
  const said = isWhole && !verdict.isPlaceholderData ? (verdict.data ?? null) : null
  const against = said?.against ?? []
  const isRefusedByAll = said !== null && said.errors.length > 0 && against.length >= targets.length
  const isAnyway = against.length > 0 && !isRefusedByAll
  const text = draft.value.summary.trim()
  const wantsForce = force && targets.some(({ id }) => drifted.includes(id))

  const submit = (): void => {
    setAsked(true)
    if (text === '' || !isWhole || isRefusedByAll || publish.isPending) {
      if (text === '') summary.current?.querySelector('textarea')?.focus()
      return
    }
    publish.mutate(
      { items, summary: text, ...named, ...(isAnyway ? { anyway: true } : {}), ...(wantsForce ? { force: true } : {}) },
      {
        onSuccess({ release, left }) {
          draft.clear()
          const leftOut = left.length > 0 ? words.changes.leftOut(formats.list(namesOf(left, runtimes))) : undefined
          toast(words.changes.published(release.n), leftOut === undefined ? {} : { text: leftOut })
          onPublished(release.n)
        },
      },
    )
  }
  const told = publish.error ? tell(publish.error, words) : null
  return (
    <form
      aria-label={words.changes.publishTitle}
      noValidate
      className="flex flex-col gap-4 lg:sticky lg:top-6"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div ref={summary}>
        <TextArea
          label={words.changes.summary}
          hint={words.changes.summaryHint}
          value={draft.value.summary}
          onChange={(next) => draft.set({ ...draft.value, summary: next })}
          error={isAsked && text === '' ? words.ui.required : undefined}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
              event.preventDefault()
              submit()
            }
          }}
        />
      </div>
      {runtimes.length === 0 ? (
        <Notice kind="info">{words.changes.noRuntime}</Notice>
      ) : (
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 font-medium text-sm">{words.changes.runtimes}</legend>
          {runtimes.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              {...(drifted.includes(id) ? { hint: words.changes.drifted } : {})}
              checked={targets.some((one) => one.id === id)}
              onChange={(checked) => draft.toggle('withoutRuntimes', id, checked)}
            />
          ))}
          {targets.length === 0 && <p className="text-danger text-xs">{words.changes.noRuntimeChosen}</p>}
        </fieldset>
      )}
      {targets.some(({ id }) => drifted.includes(id)) && (
        <Checkbox checked={force} onChange={setForce} label={words.changes.force} hint={words.changes.forceHint} />
      )}
      {verdict.error ? (
        <Notice kind="danger">
          {words.changes.checkFailed}: {tell(verdict.error, words).title}
        </Notice>
      ) : (
        isWhole &&
        runtimes.length > 0 && <Verdict verdict={said} asked={targets.length} runtimes={runtimes} views={views} />
      )}
      {told && <Notice kind="danger">{told.title}</Notice>}
      <Button type="submit" variant="primary" pending={publish.isPending} disabled={!isWhole || isRefusedByAll}>
        {isAnyway ? words.changes.publishAnyway : words.changes.publishCount(chosen.length)}
      </Button>
      {items.length === 0 && <p className="text-danger text-xs">{words.changes.nothingChosen}</p>}
    </form>
  )
}
