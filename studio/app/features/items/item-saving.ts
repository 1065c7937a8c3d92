import { useState } from 'react'
import type { Item } from '../../../src/schemas/item.ts'
import type { Content } from '../../api/content.ts'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import type { ItemForm } from './item-form.ts'
import type { Choice } from './merging.ts'

export type ItemSaving = ReturnType<typeof useItemSaving>

/** How what is typed becomes a version, also when somebody else was faster: then both are shown first. */
export function useItemSaving(form: ItemForm, item: Item) {
  const words = useWords().items
  const [isMerging, setMerging] = useState(false)
  // Here, since whoever leaves the dialog by a slip has merged nothing anew: Escape closes it, also out of a text.
  const [kept, keep] = useState<Chosen>({ of: '', choices: none })
  /** There is nothing that it could be saved on top of. */
  const isGone = item.deletedAt !== null
  const isOutdated = form.isChanged && !isGone && form.typed.base !== item.version
  // Another version may say something else at the same place, which nobody has looked at yet.
  const both = `${form.typed.base} ${item.version}`
  const forget = (): void => keep({ of: '', choices: none })
  const submit = (base: number, content: Content): void =>
    form.submit(
      { base, content },
      {
        done(saved) {
          setMerging(false)
          forget()
          toast(words.saved(saved.version))
        },
        outdated: () => setMerging(true),
      },
    )
  return {
    /** Somebody else saved another version since this one was begun. */
    isOutdated,
    isGone,
    // What cannot be read yet would not be among what is chosen from.
    isMerging: isMerging && isOutdated && !form.isUnread,
    merge: () => setMerging(true),
    leaveMerging: () => setMerging(false),
    /** What was chosen of both so far, by the pointer of the place. */
    chosen: kept.of === both ? kept.choices : none,
    choose: (choices: Choices): void => keep({ of: both, choices }),
    save(): void {
      if (!form.isChanged || form.isUnread || isGone || form.save.isPending) return
      const { base, content } = form.typed
      if (isOutdated || base === null) setMerging(true)
      else submit(base, content)
    },
    saveMerged: (content: Content): void => submit(item.version, content),
    discard(): void {
      const before = form.typed
      form.discard()
      setMerging(false)
      forget()
      toast(words.discarded, { undo: () => form.put(before) })
    },
    discardUnread(): void {
      const before = form.typed
      form.discardUnread()
      toast(words.discarded, { undo: () => form.put(before) })
    },
  }
}

type Choices = ReadonlyMap<string, Choice>

interface Chosen {
  /** Which two versions were chosen from. */
  of: string
  choices: Choices
}

const none: Choices = new Map()
