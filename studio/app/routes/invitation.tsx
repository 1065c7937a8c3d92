import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { Entry } from '../features/account/entry.tsx'
import { InvitationForm } from '../features/account/invitation-form.tsx'
import { takeToken, useToken } from '../shell/link-token.ts'
import { useTitle } from '../shell/title.ts'
import { useWords } from '../words/words.tsx'

export const Route = createFileRoute('/invitation')({
  beforeLoad: ({ location }) => takeToken(location),
  component: InvitationPage,
})

function InvitationPage() {
  const words = useWords().account
  const token = useToken()
  const navigate = useNavigate()
  useTitle(words.invitationTitle)
  if (token === null) {
    return (
      <Entry title={words.invitationNoLink} text={words.invitationNoLinkHint}>
        {null}
      </Entry>
    )
  }
  return (
    <Entry title={words.invitationTitle} text={words.invitationText}>
      <InvitationForm token={token} onDone={() => void navigate({ to: '/' })} />
    </Entry>
  )
}
