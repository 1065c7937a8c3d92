import type { Item } from '../../../src/schemas/item.ts'
import type { Content } from '../../api/content.ts'
import { moveDraft } from '../../ui/draft.ts'
import type { UnreadTexts } from '../../ui/unread.ts'

/** What is typed of an item and not saved. */
export interface ItemDraft {
  /** The version that was changed; `null` where that is not known any more. */
  base: number | null
  content: Content
  reason: string
  /** What cannot be read yet, and so is no part of `content`. Left out, there is nothing such. */
  unread?: UnreadTexts
}

export function draftKeyOf({ kind, name }: Pick<Item, 'kind' | 'name'>): string {
  return `item:${kind}:${name}`
}

/** The item is called otherwise from now on: what is typed goes along, wherever it was typed. */
export function moveItemDraft(item: Item, renamed: Item): void {
  moveDraft<ItemDraft>(draftKeyOf(item), draftKeyOf(renamed), (draft) => ({
    ...draft,
    // Versions of the new name are other ones. Where somebody else had saved meanwhile, both are shown before anything is saved.
    base: draft.base === item.version ? renamed.version : null,
    content: item.kind === 'agent' ? { ...draft.content, name: renamed.name } : draft.content,
  }))
}
