import { useQuery } from '@tanstack/react-query'
import type { Item } from '../../../src/schemas/item.ts'
import { versionQuery } from '../../api/items.ts'
import { Problem, tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ListSkeleton } from '../../ui/skeleton.tsx'
import { useWords } from '../../words/words.tsx'
import { ClashChoice } from './clash-choice.tsx'
import type { ItemForm } from './item-form.ts'
import type { ItemSaving } from './item-saving.ts'
import { type Choice, clashesOf, firstChoice, mergedOf } from './merging.ts'

export interface MergeDialogProps {
  item: Item
  form: ItemForm
  saving: ItemSaving
  labelOf(pointer: string): string
}

/** Somebody else was faster: both versions, place by place, and the choice. Nothing is overwritten unseen. */
export function MergeDialog({ item, form, saving, labelOf }: MergeDialogProps) {
  const words = useWords()
  const { base, content: mine } = form.typed
  const began = useQuery({ ...versionQuery(item, base ?? 0), enabled: base !== null })
  const isWaiting = base !== null && began.isPending
  const { chosen, choose } = saving
  const found = clashesOf(began.data?.content, mine, item.content)
  const clashes = base === null ? found.map((one) => ({ ...one, changedBy: 'unknown' as const })) : found
  const choiceAt = (pointer: string): Choice | null => {
    const clash = clashes.find((one) => one.pointer === pointer)
    return chosen.get(pointer) ?? (clash ? firstChoice(clash) : null)
  }
  const choices = new Map(
    clashes.flatMap(({ pointer }) => {
      const choice = choiceAt(pointer)
      return choice === null ? [] : [[pointer, choice] as const]
    }),
  )
  const open = clashes.length - choices.size
  const chooseAll = (side: 'mine' | 'theirs'): void =>
    choose(new Map(clashes.map(({ pointer }) => [pointer, { side }])))
  // That somebody was faster is what all of this says.
  const { error } = form.save
  const told = error && !(error instanceof Problem && error.code === 'version_conflict') ? tell(error, words) : null
  // Who saved last may be who renamed it.
  const author = base === null ? words.items.whatIsSaved : item.changedBy.name
  return (
    <Dialog
      open
      width="wide"
      onClose={saving.leaveMerging}
      title={words.items.mergeTitle}
      text={base === null ? words.items.mergeRenamedText : words.items.mergeText(author, item.version, base)}
      actions={
        <>
          <span role="status" className="mr-auto self-center text-soft text-sm">
            {open > 0 ? words.items.toChoose(open) : words.items.allChosen}
          </span>
          <Button onClick={saving.discard}>{words.items.takeTheirs}</Button>
          <Button
            variant="primary"
            disabled={open > 0 || isWaiting}
            pending={form.save.isPending}
            onClick={() => saving.saveMerged(mergedOf(item.content, clashes, choices))}
          >
            {words.items.saveMerged}
          </Button>
        </>
      }
    >
      {told && <Notice kind="danger">{told.title}</Notice>}
      {isWaiting ? (
        <ListSkeleton rows={3} />
      ) : (
        <>
          {clashes.length > 1 && (
            <div className="flex flex-wrap gap-2">
              <Button size="small" onClick={() => chooseAll('mine')}>
                {words.items.chooseMine}
              </Button>
              <Button size="small" onClick={() => chooseAll('theirs')}>
                {words.items.chooseTheirs(author)}
              </Button>
            </div>
          )}
          {clashes.map((clash) => (
            <ClashChoice
              key={clash.pointer}
              clash={clash}
              label={labelOf(clash.pointer)}
              author={author}
              choice={choiceAt(clash.pointer)}
              onChoose={(choice) => choose(new Map(chosen).set(clash.pointer, choice))}
            />
          ))}
        </>
      )}
    </Dialog>
  )
}
