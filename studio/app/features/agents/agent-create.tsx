import { useForm } from '@tanstack/react-form'
import { ChartLine, FilePlus2, Headset, Languages, PenLine } from 'lucide-react'
import { partName } from 'asyncv/schemas'
import { itemTemplates } from '../../../src/schemas/item-templates.ts'
import { useCreateItem } from '../../api/items.ts'
import { boundTo } from '../../api/bound-field.ts'
import { fieldError, tell } from '../../api/problem.ts'
import { ChoiceGroup } from '../../ui/choice-group.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import type { Choice } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'

const icons = { blank: FilePlus2, support: Headset, translator: Languages, writer: PenLine, analyst: ChartLine }

export interface AgentCreateProps {
  models: readonly Choice<string>[]
  onClose(): void
  onCreated(name: string): void
}

/** A new agent from a template. Its instructions are in the language of the page. */
export function AgentCreate({ models, onClose, onCreated }: AgentCreateProps) {
  const words = useWords()
  const create = useCreateItem()
  const form = useForm({
    defaultValues: {
      template: 'blank' as (typeof itemTemplates)[number]['id'],
      name: '',
      model: (models[0]?.value ?? null) as string | null,
    },
    onSubmit({ value: { template, name, model } }) {
      const said = words.agents.templates[template]
      const instructions = 'instructions' in said ? said.instructions : ''
      const given = itemTemplates.find(({ id }) => id === template)?.content ?? {}
      create.mutate(
        { kind: 'agent', name, content: { name, model: model ?? '', instructions, ...given } },
        {
          onSuccess() {
            toast(words.items.created(name))
            onCreated(name)
          },
        },
      )
    },
  })
  const told = create.error ? tell(create.error, words) : null
  const placed = fieldError(create.error, '/name')
  return (
    <FormDialog
      onClose={onClose}
      width="wide"
      title={words.agents.create}
      text={words.agents.createText}
      onSubmit={() => void form.handleSubmit()}
      act={words.ui.create}
      pending={create.isPending}
      wrong={told && placed === undefined ? told.title : undefined}
    >
      <div className="grid gap-4 sm:grid-cols-2">
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
              {...boundTo(field, create.error)}
            />
          )}
        </form.Field>
        <form.Field
          name="model"
          validators={{
            onSubmit: ({ value }) => (/^[^/\s]+\/\S+$/.test(value ?? '') ? undefined : words.agents.modelShape),
          }}
        >
          {(field) => (
            <Combobox
              label={words.agents.model}
              hint={words.agents.modelHint}
              free
              placeholder={words.agents.modelPlaceholder}
              choices={models}
              value={field.state.value}
              onChange={field.handleChange}
              error={field.state.meta.errors[0]}
            />
          )}
        </form.Field>
      </div>
      <form.Field name="template">
        {(field) => (
          <ChoiceGroup
            label={words.agents.template}
            value={field.state.value}
            onChange={(id) => field.handleChange(id)}
            choices={itemTemplates.map(({ id }) => {
              const Icon = icons[id]
              return {
                value: id,
                label: words.agents.templates[id].name,
                hint: words.agents.templates[id].text,
                icon: <Icon aria-hidden />,
              }
            })}
          />
        )}
      </form.Field>
    </FormDialog>
  )
}
