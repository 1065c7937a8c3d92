import { useForm } from '@tanstack/react-form'
import { boundTo } from '../../api/bound-field.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words/words.tsx'
import { AccountForm } from './account-form.tsx'
import { checkPassword, onceTyped } from './checks.ts'
import { useInvitation } from './queries.ts'

export interface InvitationFormProps {
  token: string
  onDone(): void
}

export function InvitationForm({ token, onDone }: InvitationFormProps) {
  const words = useWords()
  const invitation = useInvitation()
  const form = useForm({
    defaultValues: { password: '' },
    onSubmit: ({ value }) => invitation.mutate({ token, ...value }, { onSuccess: onDone }),
  })
  return (
    <AccountForm onSubmit={form.handleSubmit} failure={invitation.error} fields={['password']}>
      <form.Field name="password" validators={onceTyped((value) => checkPassword(value, words))}>
        {(field) => (
          <TextField
            label={words.account.newPassword}
            hint={words.account.passwordHint}
            name="password"
            type="password"
            autoComplete="new-password"
            autoFocus
            {...boundTo(field, invitation.error, words)}
            onBlur={field.handleBlur}
          />
        )}
      </form.Field>
      <Button type="submit" variant="primary" size="large" pending={invitation.isPending}>
        {words.account.setPassword}
      </Button>
    </AccountForm>
  )
}
