import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Item } from '../../../src/schemas/item.ts'
import type { ItemProblem } from '../../../src/schemas/item-change.ts'
import { type Content, pathOf, saysTheSame, valueAt } from '../../api/content.ts'
import { checkQuery, useSaveItem } from '../../api/items.ts'
import { Problem } from '../../api/problem.ts'
import { sayProblem } from '../../api/say-problem.ts'
import { useDraft } from '../../ui/draft.ts'
import type { UnreadTexts } from '../../ui/unread.ts'
import { useWords } from '../../words/words.tsx'
import { draftKeyOf, type ItemDraft } from './item-draft.ts'

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
  const first: ItemDraft = { base: item.version, content: item.content, reason: '' }
  const draft = useDraft(draftKeyOf(item), first)
  const save = useSaveItem(reference)
  const saysMore = isUnread(draft.value) || !saysTheSame(draft.value.content, item.content)
  const isChanged = mayEdit && draft.changed && saysMore
  // What was typed and taken back again begins with what is saved by now.
  const typed = isChanged ? draft.value : first
  const { content } = typed

  const quiet = useQuiet(content)
  const isThere = item.deletedAt === null
  const check = useQuery({
    ...checkQuery(reference, quiet, runtime),
    enabled: mayEdit && isThere,
    placeholderData: keepPreviousData,
  })
  const edit = (next: (now: ItemDraft) => ItemDraft): void => {
    if (save.error) save.reset()
    // An entry may keep its text and change the content in one go: the second goes on from the first.
    draft.set((now) => next(now === draft.value ? typed : now))
  }
  const isMine = (one: ItemProblem): boolean => one.kind === item.kind && one.name === item.name
  const said = (check.data?.errors ?? []).map((one) => ({ ...one, detail: sayProblem(one.detail, words) }))
  const refused = (save.error instanceof Problem ? save.error.errors : []).map(({ pointer, detail }) => ({
    pointer: pointer.replace(/^\/content/, ''),
    detail: sayProblem(detail, words),
  }))

  return {
    /** What is typed, or what is saved where nothing is. */
    typed,
    isChanged,
    /** Something is typed that cannot be saved as it is, and is no part of the content. */
    isUnread: isUnread(typed),
    unread: {
      texts: typed.unread ?? none,
      keep: (pointer: string, text: string | null): void =>
        edit((now) => {
          const { [pointer]: _, ...others } = now.unread ?? none
          return { ...now, unread: text === null ? others : { ...others, [pointer]: text } }
        }),
    },
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
    change: (next: Content): void =>
      edit((now) => ({ ...now, content: next, unread: stillThere(now.unread ?? none, now.content, next) })),
    explain: (reason: string): void => draft.set({ ...typed, reason }),
    discard(): void {
      save.reset()
      draft.clear(first)
    },
    discardUnread: (): void => draft.set({ ...typed, unread: none }),
    /** Takes back what was discarded. */
    put: (before: ItemDraft): void => draft.set(before),
    submit(
      { base, content: wanted }: { base: number; content: Content },
      { done, outdated }: { done(saved: Item): void; outdated(): void },
    ): void {
      const sent = draft.latest()
      save.mutate(
        { base, content: wanted, reason: typed.reason },
        {
          onSuccess(saved) {
            const now = draft.latest()
            if (now === null || sent === null || now === sent) {
              draft.clear({ base: saved.version, content: saved.content, reason: '' })
            } else draft.set(typedSince(now, sent, { wanted, saved }))
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

const none: UnreadTexts = {}

function isUnread({ unread = none }: ItemDraft): boolean {
  return Object.keys(unread).length > 0
}

/**
 * What was typed while it was saved goes on from what is saved. What was merged is no part of it: there both are shown once
 * more, since it would take back what somebody else said.
 */
function typedSince(now: ItemDraft, sent: ItemDraft, { wanted, saved }: { wanted: Content; saved: Item }): ItemDraft {
  return {
    ...now,
    base: wanted === sent.content ? saved.version : now.base,
    reason: now.reason === sent.reason ? '' : now.reason,
  }
}

/** Without the texts whose places have another value by now: an entry of a list has moved, or another form was chosen. */
function stillThere(unread: UnreadTexts, before: Content, after: Content): UnreadTexts {
  return Object.fromEntries(
    Object.entries(unread).filter(([pointer]) => {
      const path = pathOf(pointer)
      return saysTheSame(valueAt(before, path), valueAt(after, path))
    }),
  )
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
