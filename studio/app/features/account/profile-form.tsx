import { useForm } from '@tanstack/react-form'
import type { Me } from '../../../src/schemas/account.ts'
import { boundTo } from '../../api/bound-field.ts'
import { useDraft } from '../../ui/draft.ts'
import { DraftKept } from '../../ui/draft-kept.tsx'
import { Button } from '../../ui/button.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { AccountForm } from './account-form.tsx'
import { checkFilled } from './checks.ts'
import { useChangeMe } from './queries.ts'

export function ProfileForm({ me }: { me: Me['user'] }) {
  const words = useWords()
  const change = useChangeMe()
  const first = { name: me.name }
  const draft = useDraft(`profile:${me.id}`, first)
  const form = useForm({
    defaultValues: draft.value,
    listeners: { onChange: ({ formApi }) => draft.set(formApi.state.values) },
    onSubmit: ({ value }) =>
      change.mutate(value, {
        onSuccess() {
          draft.clear(value)
          toast(words.ui.saved)
        },
      }),
  })
  const discard = (): void => {
    draft.clear()
    form.reset(first)
  }
  return (
    <AccountForm onSubmit={form.handleSubmit} failure={change.error} fields={['name']} narrow>
      {draft.restored && <DraftKept onDiscard={discard} />}
      <KeyValue
        entries={[
          [words.account.login, me.login],
          [words.account.role, words.shell.roles[me.role]],
        ]}
      />
      <form.Field name="name" validators={{ onSubmit: ({ value }) => checkFilled(value, words) }}>
        {(field) => (
          <TextField
            label={words.account.yourName}
            hint={words.account.yourNameHint}
            name="name"
            autoComplete="name"
            {...boundTo(field, change.error, words)}
          />
        )}
      </form.Field>
      <div>
        <Button type="submit" variant="primary" pending={change.isPending}>
          {words.ui.save}
        </Button>
      </div>
    </AccountForm>
  )
}
