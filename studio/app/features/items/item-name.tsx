import { useForm } from '@tanstack/react-form'
import { partName } from 'asyncv/schemas'
import type { Item } from '../../../src/schemas/item.ts'
import { useCreateItem, useRenameItem } from '../../api/items.ts'
import { boundTo } from '../../api/bound-field.ts'
import { fieldError, tell } from '../../api/problem.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { moveItemDraft } from './item-draft.ts'

export interface ItemNameProps {
  item: Item
  action: 'duplicate' | 'rename'
  onClose(): void
  /** What has the name now. */
  onDone(item: Item): void
}

/** Asks for a name: of a copy, or instead of the one it has. */
export function ItemName({ item, action, onClose, onDone }: ItemNameProps) {
  const words = useWords()
  const create = useCreateItem()
  const rename = useRenameItem(item)
  const { error, isPending } = action === 'duplicate' ? create : rename
  const form = useForm({
    defaultValues: { name: action === 'duplicate' ? `${item.name}-2`.slice(0, 64) : item.name },
    onSubmit({ value: { name } }) {
      if (action === 'rename') {
        rename.mutate(
          { base: item.version, name },
          {
            onSuccess(answer) {
              moveItemDraft(item, answer.item)
              finish(words.items.renamed(name), answer.item)
            },
          },
        )
        return
      }
      const content = item.kind === 'agent' ? { ...item.content, name } : item.content
      create.mutate(
        { kind: item.kind, name, content },
        { onSuccess: (made) => finish(words.items.created(name), made) },
      )
    },
  })
  const finish = (said: string, done: Item): void => {
    toast(said)
    onDone(done)
  }
  const told = error ? tell(error, words) : null
  const placed = fieldError(error, '/name')
  return (
    <FormDialog
      onClose={onClose}
      width="small"
      title={action === 'duplicate' ? words.items.duplicateTitle(item.name) : words.items.renameTitle(item.name)}
      text={action === 'duplicate' ? undefined : words.items.renameText}
      onSubmit={() => void form.handleSubmit()}
      act={action === 'duplicate' ? words.items.duplicate : words.items.rename}
      pending={isPending}
      wrong={told && placed === undefined ? told.title : undefined}
    >
      <form.Field
        name="name"
        validators={{ onSubmit: ({ value }) => (partName.test(value) ? undefined : words.items.nameShape) }}
      >
        {(field) => (
          <TextField
            label={words.ui.name}
            hint={words.items.nameShape}
            mono
            autoFocus
            autoComplete="off"
            spellCheck={false}
            {...boundTo(field, error)}
          />
        )}
      </form.Field>
    </FormDialog>
  )
}
