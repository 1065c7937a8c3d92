import { useForm } from '@tanstack/react-form'
import { type Role, roles } from '../../../src/schemas/role.ts'
import { boundTo } from '../../api/bound-field.ts'
import { tellUnplaced } from '../../api/problem.ts'
import { useDraft } from '../../ui/draft.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useWords } from '../../words/words.tsx'
import { InvitationLink } from './invitation-link.tsx'
import { useInviteUser } from './queries.ts'

const empty = { name: '', login: '', role: 'editor' as Role }

export default function UserInvite({ onClose }: { onClose: () => void }) {
  const words = useWords()
  const invite = useInviteUser()
  const draft = useDraft('user:new', empty)
  const form = useForm({
    defaultValues: draft.value,
    listeners: { onChange: ({ formApi }) => draft.set(formApi.state.values) },
    onSubmit: ({ value }) => invite.mutate(value, { onSuccess: () => draft.clear() }),
  })
  const discard = (): void => {
    draft.clear()
    form.reset(empty)
  }
  if (invite.data) return <InvitationLink name={invite.data.user.name} link={invite.data.link} onClose={onClose} />

  const filled = ({ value }: { value: string }) => (value.trim() === '' ? words.ui.required : undefined)
  const told = tellUnplaced(invite.error, ['name', 'login'], words)
  return (
    <FormDialog
      onClose={onClose}
      title={words.users.invite}
      text={words.users.inviteText}
      draft={{ restored: draft.restored, discard }}
      onSubmit={() => void form.handleSubmit()}
      act={words.users.invite}
      pending={invite.isPending}
      wrong={told?.title}
    >
      <form.Field name="name" validators={{ onSubmit: filled }}>
        {(field) => (
          <TextField label={words.users.name} autoFocus autoComplete="off" {...boundTo(field, invite.error, words)} />
        )}
      </form.Field>
      <form.Field name="login" validators={{ onSubmit: filled }}>
        {(field) => (
          <TextField
            label={words.account.login}
            hint={words.account.loginHint}
            autoComplete="off"
            spellCheck={false}
            {...boundTo(field, invite.error, words)}
          />
        )}
      </form.Field>
      <form.Field name="role">
        {(field) => (
          <Select
            label={words.users.role}
            hint={words.users.roleHints[field.state.value]}
            value={field.state.value}
            onChange={(role) => field.handleChange(role)}
            choices={roles.map((role) => ({
              value: role,
              label: words.shell.roles[role],
              hint: words.users.roleHints[role],
            }))}
          />
        )}
      </form.Field>
    </FormDialog>
  )
}
