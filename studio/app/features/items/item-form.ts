import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import type { Item } from '../../../src/schemas/item.ts'
import type { ItemProblem } from '../../../src/schemas/item-change.ts'
import { type Content, saysTheSame } from '../../api/content.ts'
import { checkQuery, useSaveItem } from '../../api/items.ts'
import { Problem } from '../../api/problem.ts'
import { sayProblem } from '../../api/say-problem.ts'
import { putDraft, useDraft } from '../../ui/draft.ts'
import { useWords } from '../../words/words.tsx'

/** ms of quiet before what is typed is checked. */
const quietMs = 350

export interface ItemFormOptions {
  item: Item
  mayEdit: boolean
  /** Whose verdict it is; the first that is connected where none is given. */
  runtime: string | undefined
}

export type ItemForm = ReturnType<typeof useItemForm>

/** One item while it is being edited: what is typed, what the runtime says of it, and how it is saved. */
export function useItemForm({ item, mayEdit, runtime }: ItemFormOptions) {
  const words = useWords()
  const reference = { kind: item.kind, name: item.name }
  const first = { base: item.version, content: item.content, reason: '' }
  const draft = useDraft<typeof first>(keyOf(item), first)
  const save = useSaveItem(reference)
  const typed = draft.value
  const isChanged = mayEdit && draft.changed && !saysTheSame(typed.content, item.content)
  const content = isChanged ? typed.content : item.content

  const quiet = useQuiet(content)
  const isThere = item.deletedAt === null
  const [held, setHeld] = useState<ReadonlySet<string>>(new Set())
  const [round, setRound] = useState(0)
  const check = useQuery({
    ...checkQuery(reference, quiet, runtime),
    enabled: mayEdit && isThere,
    placeholderData: keepPreviousData,
  })
  const hold = useCallback((entry: string, isHeld: boolean): void => {
    setHeld((now) => {
      if (now.has(entry) === isHeld) return now
      const next = new Set(now)
      if (isHeld) next.add(entry)
      else next.delete(entry)
      return next
    })
  }, [])
  const isMine = (one: ItemProblem): boolean => one.kind === item.kind && one.name === item.name
  const said = (check.data?.errors ?? []).map((one) => ({ ...one, detail: sayProblem(one.detail, words) }))
  const refused = (save.error instanceof Problem ? save.error.errors : []).map(({ pointer, detail }) => ({
    pointer: pointer.replace(/^\/content/, ''),
    detail: sayProblem(detail, words),
  }))

  return {
    content,
    /** The version that was changed. */
    base: isChanged ? typed.base : item.version,
    reason: isChanged ? typed.reason : '',
    isChanged,
    /** Something is typed that cannot be saved as it is, and is no part of `content`. */
    isHeld: held.size > 0,
    hold,
    /** Another one after each `discard`: fields that keep what is typed begin anew. */
    round,
    /** It was typed before this page was opened. */
    restored: isChanged && draft.restored,
    check: {
      data: check.data,
      isFetching: check.isFetching || quiet !== content,
      error: check.error,
      mine: [...refused, ...said.filter(isMine)],
      others: said.filter((one) => !isMine(one)),
    },
    save,
    change(next: Content): void {
      if (save.error) save.reset()
      draft.set({ ...typed, content: next, ...(isChanged ? {} : { base: item.version, reason: '' }) })
    },
    explain: (reason: string): void => draft.set({ ...typed, reason }),
    /** Goes on from what somebody else saved in the meantime. */
    rebase: (base: number, next: Content): void => draft.set({ ...typed, base, content: next }),
    discard(): void {
      save.reset()
      setRound(round + 1)
      draft.clear(first)
    },
    /** The item is called otherwise from now on: what is typed goes along. */
    moveTo(renamed: Item): void {
      if (!isChanged) return
      putDraft(keyOf(renamed), {
        // Versions of the new name are other ones. Where somebody else had saved meanwhile, both are shown before anything is saved.
        base: typed.base === item.version ? renamed.version : 0,
        content: item.kind === 'agent' ? { ...typed.content, name: renamed.name } : typed.content,
        reason: typed.reason,
      })
      draft.clear(first)
    },
    /** Takes back `discard`. */
    put: (before: { base: number; content: Content; reason: string }): void => draft.set(before),
    submit(
      { base, content: wanted }: { base: number; content: Content },
      { done, outdated }: { done(saved: Item): void; outdated(): void },
    ): void {
      save.mutate(
        { base, content: wanted, reason: isChanged ? typed.reason : '' },
        {
          onSuccess(saved) {
            draft.clear({ base: saved.version, content: saved.content, reason: '' })
            done(saved)
          },
          onError(error) {
            if (error instanceof Problem && error.code === 'version_conflict') outdated()
          },
        },
      )
    },
    errorAt: (pointer: string): string | undefined =>
      [...refused, ...said.filter(isMine)].find((one) => one.pointer === pointer)?.detail,
  }
}

function keyOf({ kind, name }: Item): string {
  return `item:${kind}:${name}`
}

/** What a value was when it was last left alone for a moment. */
function useQuiet<Value>(value: Value): Value {
  const [quiet, setQuiet] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), quietMs)
    return () => clearTimeout(timer)
  }, [value])
  return quiet
}
