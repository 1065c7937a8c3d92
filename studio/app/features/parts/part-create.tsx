import { useForm } from '@tanstack/react-form'
import { partName } from 'asyncv/schemas'
import { useCreateItem } from '../../api/items.ts'
import { boundTo } from '../../api/bound-field.ts'
import { fieldError, tell } from '../../api/problem.ts'
import { ChoiceGroup } from '../../ui/choice-group.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { originSaid } from './origin.ts'
import type { PartKind, PartType } from './part-types.ts'

export interface PartCreateProps {
  kind: PartKind
  /** Those that are installed in the runtime; `null` where none tells. */
  types: readonly PartType[] | null
  onClose(): void
  onCreated(name: string): void
}

/** A new connector or model service, of a type that the runtime has. What it needs is asked on its page. */
export function PartCreate({ kind, types, onClose, onCreated }: PartCreateProps) {
  const words = useWords()
  const create = useCreateItem()
  const form = useForm({
    defaultValues: { name: '', type: types?.[0]?.type ?? '' },
    onSubmit: ({ value: { name, type } }) =>
      create.mutate(
        { kind, name, content: { type, options: {} } },
        {
          onSuccess() {
            toast(words.items.created(name))
            onCreated(name)
          },
        },
      ),
  })
  const told = create.error ? tell(create.error, words) : null
  const placed = fieldError(create.error, '/name')
  const filled = ({ value }: { value: string }) => (value.trim() === '' ? words.ui.required : undefined)
  return (
    <FormDialog
      onClose={onClose}
      title={words.parts[kind].create}
      text={words.parts.createText}
      onSubmit={() => void form.handleSubmit()}
      act={words.ui.create}
      pending={create.isPending}
      wrong={told && placed === undefined ? told.title : undefined}
    >
      {types === null && <Notice kind="info">{words.parts.noTypes}</Notice>}
      <form.Field
        name="name"
        validators={{ onSubmit: ({ value }) => (partName.test(value) ? undefined : words.items.nameShape) }}
      >
        {(field) => (
          <TextField
            label={words.ui.name}
            hint={words.parts[kind].nameHint}
            mono
            autoFocus
            autoComplete="off"
            spellCheck={false}
            {...boundTo(field, create.error)}
          />
        )}
      </form.Field>
      <form.Field name="type" validators={{ onSubmit: filled }}>
        {(field) =>
          types === null || types.length === 0 ? (
            <TextField
              label={words.parts.type}
              mono
              value={field.state.value}
              onChange={field.handleChange}
              error={field.state.meta.errors[0]}
            />
          ) : (
            <ChoiceGroup
              label={words.parts.type}
              value={field.state.value}
              onChange={(type) => field.handleChange(type)}
              choices={types.map(({ type, origin }) => ({
                value: type,
                label: type,
                hint: originSaid(origin, words.parts),
              }))}
              error={field.state.meta.errors[0]}
            />
          )
        }
      </form.Field>
    </FormDialog>
  )
}
