import { useForm } from '@tanstack/react-form'
import { fieldError, tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words/words.tsx'
import { checkPassword } from './checks.ts'
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
  const told = invitation.error ? tell(invitation.error, words) : null
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
      <form.Field
        name="password"
        validators={{
          onBlur: ({ value }) => (value === '' ? undefined : checkPassword(value, words)),
          onSubmit: ({ value }) => checkPassword(value, words),
        }}
      >
        {(field) => (
          <TextField
            label={words.account.newPassword}
            hint={words.account.passwordHint}
            name="password"
            type="password"
            autoComplete="new-password"
            autoFocus
            value={field.state.value}
            onChange={field.handleChange}
            onBlur={field.handleBlur}
            error={field.state.meta.errors[0] ?? fieldError(invitation.error, '/password')}
          />
        )}
      </form.Field>
      <Button type="submit" variant="primary" size="large" pending={invitation.isPending}>
        {words.account.setPassword}
      </Button>
    </form>
  )
}
