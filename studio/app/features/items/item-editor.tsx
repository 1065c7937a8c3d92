import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { itemWithUses } from '../../../src/schemas/item.ts'
import type { Content } from '../../api/content.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { UnreadContext } from '../../ui/unread.ts'
import { useWords } from '../../words/words.tsx'
import { CheckLine } from './check-line.tsx'
import { DeletedNotice } from './deleted-notice.tsx'
import { ItemActions } from './item-actions.tsx'
import type { ItemForm } from './item-form.ts'
import type { ItemSaving } from './item-saving.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { MergeDialog } from './merge-dialog.tsx'
import { places, sections } from './places.ts'
import { Publication } from './publication.tsx'
import { SaveBar } from './save-bar.tsx'
import { ViewLinks } from './view-links.tsx'

/** What the fields of a kind are given. */
export interface FieldsProps {
  content: Content
  change(content: Content): void
  /** What is wrong at a place, by its JSON pointer. */
  errorAt(pointer: string): string | undefined
  /** It can only be read. */
  readOnly: boolean
}

export interface ItemEditorProps {
  item: z.infer<typeof itemWithUses>
  form: ItemForm
  saving: ItemSaving
  mayEdit: boolean
  /** Its versions, in the place of the fields. */
  history: ReactNode | null
  /** What a field is called. */
  labelOf(pointer: string): string
  fields(given: FieldsProps): ReactNode
  /** Beside the title: what it is doing now. */
  badge?: ReactNode
}

/** The page of one item, whatever kind it is of: its state, its fields, and how it is saved. */
export function ItemEditor({ item, form, saving, mayEdit, history, labelOf, fields, badge }: ItemEditorProps) {
  const words = useWords()
  const readOnly = !mayEdit || item.deletedAt !== null
  return (
    <>
      <PageHeader
        up={<Link to={places[item.kind].list}>{words.shell.sections[sections[item.kind]]}</Link>}
        title={item.name}
        badge={
          <>
            <Publication item={item} />
            {badge}
          </>
        }
        text={
          <>
            {words.items.versionBy(item.version, item.changedBy.name)} · <RelativeTime at={item.changedAt} />
          </>
        }
        actions={mayEdit && item.deletedAt === null && <ItemActions item={item} labelOf={labelOf} inEditor />}
      />
      <ViewLinks item={item} />
      {item.deletedAt !== null && <DeletedNotice item={item} mayRestore={mayEdit} />}
      {history ?? (
        <>
          {mayEdit && item.deletedAt === null && <CheckLine item={item} form={form} labelOf={labelOf} />}
          {saving.isOutdated && (
            <div className="mb-4">
              <Notice
                kind="warn"
                action={
                  !form.isUnread && (
                    <Button size="small" onClick={saving.merge}>
                      {words.items.compare}
                    </Button>
                  )
                }
              >
                {form.typed.base === null
                  ? words.items.savedBeforeRenamed
                  : words.items.savedMeanwhile(item.changedBy.name, item.version)}
              </Notice>
            </div>
          )}
          <UnreadContext value={form.unread}>
            {fields({ content: form.typed.content, change: form.change, errorAt: form.errorAt, readOnly })}
          </UnreadContext>
        </>
      )}
      {form.isChanged && <SaveBar form={form} saving={saving} />}
      {saving.isMerging && <MergeDialog item={item} form={form} saving={saving} labelOf={labelOf} />}
      <LeaveGuard isChanged={form.isChanged} onDiscard={form.discard} />
    </>
  )
}
