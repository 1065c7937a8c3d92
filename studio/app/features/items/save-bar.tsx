import { Problem, tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Keys } from '../../ui/keys.tsx'
import { Status } from '../../ui/status.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words/words.tsx'
import type { ItemForm } from './item-form.ts'
import type { ItemSaving } from './item-saving.ts'

/** At the foot of the window while something is not saved: the reason, and the two ways on. */
export function SaveBar({ form, saving }: { form: ItemForm; saving: ItemSaving }) {
  const words = useWords()
  const told = form.save.error ? tell(form.save.error, words) : null
  // At their fields, and above the form, it is said which.
  const placed = form.save.error instanceof Problem ? form.save.error.errors.length : 0
  return (
    <section
      aria-label={words.ui.unsaved}
      // What floats at the foot of the window stays above this.
      data-foot=""
      className="sticky bottom-0 z-20 -mx-4 mt-8 border-line border-t bg-page px-4 py-3 sm:-mx-8 sm:px-8"
    >
      {told && !saving.isMerging && (
        <p role="alert" className="mb-2 text-danger text-sm">
          {placed > 0 ? words.items.problems(placed) : `${told.title} ${told.text ?? ''}`}
        </p>
      )}
      <form
        className="flex flex-wrap items-center gap-x-3 gap-y-2"
        onSubmit={(event) => {
          event.preventDefault()
          saving.save()
        }}
      >
        <span className="text-sm">
          <State form={form} saving={saving} />
        </span>
        {form.isUnread && (
          <Button variant="quiet" size="small" onClick={saving.discardUnread}>
            {words.ui.discardDraft}
          </Button>
        )}
        <TextField
          label={words.items.reason}
          hideLabel
          placeholder={words.items.reason}
          maxLength={1_000}
          autoComplete="off"
          className="order-last min-w-40 flex-1 basis-full sm:order-none sm:basis-40"
          value={form.typed.reason}
          onChange={form.explain}
        />
        <span className="ml-auto flex items-center gap-2">
          <Button variant="quiet" onClick={saving.discard}>
            {words.items.discard}
          </Button>
          <Button
            type="submit"
            variant="primary"
            pending={form.save.isPending}
            disabled={form.isUnread || saving.isGone}
          >
            {words.ui.save}
            <span className="hidden sm:inline [&_kbd]:border-white/50 [&_kbd]:bg-transparent [&_kbd]:text-white">
              <Keys keys="⌘S" />
            </span>
          </Button>
        </span>
      </form>
    </section>
  )
}

function State({ form, saving }: { form: ItemForm; saving: ItemSaving }) {
  const { items, ui } = useWords()
  if (saving.isGone) return <Status kind="danger">{items.deletedTyped}</Status>
  if (form.isUnread) return <Status kind="danger">{items.notReady}</Status>
  return <Status kind="warn">{form.restored ? ui.draftKept : ui.unsaved}</Status>
}
