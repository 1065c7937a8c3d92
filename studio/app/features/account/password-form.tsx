import { useForm } from '@tanstack/react-form'
import { boundTo } from '../../api/bound-field.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { AccountForm } from './account-form.tsx'
import { checkFilled, checkPassword, onceTyped } from './checks.ts'
import { useChangePassword } from './queries.ts'

/** `login` is there for password managers, which need to know whose password changes. */
export function PasswordForm({ login }: { login: string }) {
  const words = useWords()
  const change = useChangePassword()
  const form = useForm({
    defaultValues: { current: '', next: '' },
    onSubmit: ({ value, formApi }) =>
      change.mutate(value, {
        onSuccess() {
          formApi.reset()
          toast(words.account.passwordChanged)
        },
      }),
  })
  return (
    <AccountForm onSubmit={form.handleSubmit} failure={change.error} fields={['current', 'next']} narrow>
      <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
      <form.Field name="current" validators={{ onSubmit: ({ value }) => checkFilled(value, words) }}>
        {(field) => (
          <TextField
            label={words.account.currentPassword}
            name="current"
            type="password"
            autoComplete="current-password"
            {...boundTo(field, change.error, words)}
          />
        )}
      </form.Field>
      <form.Field name="next" validators={onceTyped((value) => checkPassword(value, words))}>
        {(field) => (
          <TextField
            label={words.account.newPassword}
            hint={words.account.passwordHint}
            name="next"
            type="password"
            autoComplete="new-password"
            {...boundTo(field, change.error, words)}
            onBlur={field.handleBlur}
          />
        )}
      </form.Field>
      <div>
        <Button type="submit" pending={change.isPending}>
          {words.account.changePassword}
        </Button>
      </div>
    </AccountForm>
  )
}
