import { useForm } from '@tanstack/react-form'
import { boundTo } from '../../api/bound-field.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words/words.tsx'
import { AccountForm } from './account-form.tsx'
import { checkFilled, checkLogin, checkPassword, onceTyped } from './checks.ts'
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
  return (
    <AccountForm onSubmit={form.handleSubmit} failure={firstRun.error} fields={['name', 'login', 'password']}>
      <form.Field name="name" validators={{ onSubmit: ({ value }) => checkFilled(value, words) }}>
        {(field) => (
          <TextField
            label={words.account.yourName}
            hint={words.account.yourNameHint}
            name="name"
            autoComplete="name"
            autoFocus
            {...boundTo(field, firstRun.error, words)}
          />
        )}
      </form.Field>
      <form.Field name="login" validators={onceTyped((value) => checkLogin(value, words))}>
        {(field) => (
          <TextField
            label={words.account.login}
            hint={words.account.loginHint}
            name="login"
            autoComplete="username"
            spellCheck={false}
            {...boundTo(field, firstRun.error, words)}
            onBlur={field.handleBlur}
          />
        )}
      </form.Field>
      <form.Field name="password" validators={onceTyped((value) => checkPassword(value, words))}>
        {(field) => (
          <TextField
            label={words.account.password}
            hint={words.account.passwordHint}
            name="password"
            type="password"
            autoComplete="new-password"
            {...boundTo(field, firstRun.error, words)}
            onBlur={field.handleBlur}
          />
        )}
      </form.Field>
      <Button type="submit" variant="primary" size="large" pending={firstRun.isPending}>
        {words.account.createAccount}
      </Button>
    </AccountForm>
  )
}
