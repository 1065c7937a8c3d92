import { useForm } from '@tanstack/react-form'
import { fieldError, tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words/words.tsx'
import { checkFilled, checkLogin, checkPassword } from './checks.ts'
import { useFirstRun } from './queries.ts'

export interface FirstRunFormProps {
  /** From the one-time link. */
  token: string
  onDone(): void
}

export function FirstRunForm({ token, onDone }: FirstRunFormProps) {
  const words = useWords()
  const firstRun = useFirstRun()
  const form = useForm({
    defaultValues: { name: '', login: '', password: '' },
    onSubmit: ({ value }) => firstRun.mutate({ token, ...value }, { onSuccess: onDone }),
  })
  const told = firstRun.error ? tell(firstRun.error, words) : null
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void form.handleSubmit()
      }}
    >
      {told && <Notice kind="danger">{told.title}</Notice>}
      <form.Field name="name" validators={{ onSubmit: ({ value }) => checkFilled(value, words) }}>
        {(field) => (
          <TextField
            label={words.account.yourName}
            hint={words.account.yourNameHint}
            name="name"
            autoComplete="name"
            autoFocus
            value={field.state.value}
            onChange={field.handleChange}
            error={field.state.meta.errors[0] ?? fieldError(firstRun.error, '/name')}
          />
        )}
      </form.Field>
      <form.Field
        name="login"
        validators={{
          onBlur: ({ value }) => (value === '' ? undefined : checkLogin(value, words)),
          onSubmit: ({ value }) => checkLogin(value, words),
        }}
      >
        {(field) => (
          <TextField
            label={words.account.login}
            hint={words.account.loginHint}
            name="login"
            autoComplete="username"
            spellCheck={false}
            value={field.state.value}
            onChange={field.handleChange}
            onBlur={field.handleBlur}
            error={field.state.meta.errors[0] ?? fieldError(firstRun.error, '/login')}
          />
        )}
      </form.Field>
      <form.Field
        name="password"
        validators={{
          onBlur: ({ value }) => (value === '' ? undefined : checkPassword(value, words)),
          onSubmit: ({ value }) => checkPassword(value, words),
        }}
      >
        {(field) => (
          <TextField
            label={words.account.password}
            hint={words.account.passwordHint}
            name="password"
            type="password"
            autoComplete="new-password"
            value={field.state.value}
            onChange={field.handleChange}
            onBlur={field.handleBlur}
            error={field.state.meta.errors[0] ?? fieldError(firstRun.error, '/password')}
          />
        )}
      </form.Field>
      <Button type="submit" variant="primary" size="large" pending={firstRun.isPending}>
        {words.account.createAccount}
      </Button>
    </form>
  )
}
