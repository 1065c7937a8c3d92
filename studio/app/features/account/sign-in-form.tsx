import { useForm } from '@tanstack/react-form'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words/words.tsx'
import { AccountForm } from './account-form.tsx'
import { useSignIn } from './queries.ts'

export interface SignInFormProps {
  /** They were signed in a moment ago. */
  returning: boolean
  onDone(): void
}

export function SignInForm({ returning, onDone }: SignInFormProps) {
  const words = useWords()
  const signIn = useSignIn()
  const form = useForm({
    defaultValues: { login: '', password: '' },
    onSubmit: ({ value }) => signIn.mutate(value, { onSuccess: onDone }),
  })
  return (
    <AccountForm
      onSubmit={form.handleSubmit}
      failure={signIn.error}
      fields={[]}
      notice={returning && <Notice kind="info">{words.account.signedOut}</Notice>}
    >
      <form.Field name="login">
        {(field) => (
          <TextField
            label={words.account.login}
            name="login"
            autoComplete="username"
            autoFocus
            spellCheck={false}
            value={field.state.value}
            onChange={field.handleChange}
          />
        )}
      </form.Field>
      <form.Field name="password">
        {(field) => (
          <TextField
            label={words.account.password}
            name="password"
            type="password"
            autoComplete="current-password"
            value={field.state.value}
            onChange={field.handleChange}
          />
        )}
      </form.Field>
      <Button type="submit" variant="primary" size="large" pending={signIn.isPending}>
        {words.account.signIn}
      </Button>
    </AccountForm>
  )
}
