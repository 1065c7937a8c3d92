import { useForm } from '@tanstack/react-form'
import { fieldError, tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { checkFilled, checkPassword } from './checks.ts'
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
    <form
      noValidate
      className="flex max-w-md flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void form.handleSubmit()
      }}
    >
      {change.error && <Notice kind="danger">{tell(change.error, words).title}</Notice>}
      <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
      <form.Field name="current" validators={{ onSubmit: ({ value }) => checkFilled(value, words) }}>
        {(field) => (
          <TextField
            label={words.account.currentPassword}
            name="current"
            type="password"
            autoComplete="current-password"
            value={field.state.value}
            onChange={field.handleChange}
            error={field.state.meta.errors[0] ?? fieldError(change.error, '/current')}
          />
        )}
      </form.Field>
      <form.Field
        name="next"
        validators={{
          onBlur: ({ value }) => (value === '' ? undefined : checkPassword(value, words)),
          onSubmit: ({ value }) => checkPassword(value, words),
        }}
      >
        {(field) => (
          <TextField
            label={words.account.newPassword}
            hint={words.account.passwordHint}
            name="next"
            type="password"
            autoComplete="new-password"
            value={field.state.value}
            onChange={field.handleChange}
            onBlur={field.handleBlur}
            error={field.state.meta.errors[0] ?? fieldError(change.error, '/next')}
          />
        )}
      </form.Field>
      <div>
        <Button type="submit" pending={change.isPending}>
          {words.account.changePassword}
        </Button>
      </div>
    </form>
  )
}
