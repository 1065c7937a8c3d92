import { useForm } from '@tanstack/react-form'
import { boundTo } from '../../api/bound-field.ts'
import { tell } from '../../api/problem.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { useDraft } from '../../ui/draft.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words/words.tsx'
import { type KeyRequest, type Scope, useCreateKey } from './queries.ts'

/** `configure` is good for every space alone, and such a key is made on the host. */
const scopes = ['invoke', 'read', 'operate'] as const satisfies readonly Scope[]
type Given = (typeof scopes)[number]

/** ms; null: no end. */
const lifetimes = { none: null, month: 30 * 86_400_000, quarter: 90 * 86_400_000, year: 365 * 86_400_000 } as const
type Lifetime = keyof typeof lifetimes

const empty = {
  name: '',
  scopes: ['invoke', 'read'] as Given[],
  space: 'default',
  agents: '',
  lifetime: 'none' as Lifetime,
}

/** Makes a key, and shows it this once. */
export default function KeyCreate({ runtime, onClose }: { runtime: string; onClose: () => void }) {
  const words = useWords()
  const create = useCreateKey(runtime)
  const draft = useDraft(`key:${runtime}`, empty)
  const form = useForm({
    defaultValues: draft.value,
    listeners: { onChange: ({ formApi }) => draft.set(formApi.state.values) },
    onSubmit: ({ value }) => create.mutate(requestOf(value), { onSuccess: () => draft.clear() }),
  })
  const discard = (): void => {
    draft.clear()
    form.reset(empty)
  }
  if (create.data) {
    const { name, key } = create.data
    return <ShownOnce title={words.keys.keyReady} text={words.keys.keyReadyText(name)} value={key} onClose={onClose} />
  }

  const filled = ({ value }: { value: string }) => (value.trim() === '' ? words.ui.required : undefined)
  const some = ({ value }: { value: readonly Given[] }) => (value.length === 0 ? words.keys.chooseScope : undefined)
  return (
    <FormDialog
      onClose={onClose}
      title={words.keys.create}
      text={words.keys.createText}
      draft={{ restored: draft.restored, discard }}
      onSubmit={() => void form.handleSubmit()}
      act={words.ui.create}
      pending={create.isPending}
      wrong={create.error ? tell(create.error, words).title : undefined}
    >
      <form.Field name="name" validators={{ onSubmit: filled }}>
        {(field) => (
          <TextField
            label={words.ui.name}
            hint={words.keys.nameHint}
            autoFocus
            autoComplete="off"
            {...boundTo(field, create.error, words)}
          />
        )}
      </form.Field>
      <form.Field name="scopes" validators={{ onSubmit: some }}>
        {(field) => (
          <fieldset className="flex flex-col gap-1.5">
            <legend className="mb-1.5 font-medium text-sm">{words.keys.scopes}</legend>
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                label={<span className="font-mono">{scope}</span>}
                hint={words.keys.scopeHints[scope]}
                checked={field.state.value.includes(scope)}
                onChange={(checked) =>
                  field.handleChange(
                    scopes.filter((one) => (one === scope ? checked : field.state.value.includes(one))),
                  )
                }
              />
            ))}
            {field.state.meta.errors[0] && <p className="text-danger text-xs">{field.state.meta.errors[0]}</p>}
          </fieldset>
        )}
      </form.Field>
      <form.Field name="space" validators={{ onSubmit: filled }}>
        {(field) => (
          <TextField
            label={words.keys.space}
            hint={words.keys.spaceHint}
            mono
            autoComplete="off"
            spellCheck={false}
            {...boundTo(field, create.error, words)}
          />
        )}
      </form.Field>
      <form.Field name="agents">
        {(field) => (
          <TextField
            label={words.keys.agents}
            hint={words.keys.agentsHint}
            optional
            mono
            autoComplete="off"
            spellCheck={false}
            {...boundTo(field, create.error, words)}
          />
        )}
      </form.Field>
      <form.Field name="lifetime">
        {(field) => (
          <Select
            label={words.keys.expires}
            value={field.state.value}
            onChange={(lifetime) => field.handleChange(lifetime)}
            choices={(Object.keys(lifetimes) as Lifetime[]).map((value) => ({
              value,
              label: words.keys.lifetimes[value],
            }))}
          />
        )}
      </form.Field>
    </FormDialog>
  )
}

function requestOf({ name, scopes, space, agents, lifetime }: typeof empty): KeyRequest {
  const named = agents.split(/[\s,，、]+/).filter((one) => one !== '')
  const ms = lifetimes[lifetime]
  return {
    name: name.trim(),
    scopes,
    space: space.trim(),
    ...(named.length === 0 ? {} : { agents: named }),
    ...(ms === null ? {} : { expiresAt: Date.now() + ms }),
  }
}
