import { useSuspenseQuery } from '@tanstack/react-query'
import { createFileRoute } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { UserTable } from '../../../features/users/user-table.tsx'
import { usersQuery } from '../../../features/users/queries.ts'
import { useMe } from '../../../shell/me.ts'
import { useTitle } from '../../../shell/title.ts'
import { Button } from '../../../ui/button.tsx'
import { Section } from '../../../ui/page-header.tsx'
import { useWords } from '../../../words/words.tsx'

// Forms are loaded when one is opened: what is seen first is the list.
const UserInvite = lazy(() => import('../../../features/users/user-invite.tsx'))

export const Route = createFileRoute('/_signed-in/settings/users')({
  loader: ({ context: { client } }) => client.ensureQueryData(usersQuery),
  component: UsersPage,
})

function UsersPage() {
  const words = useWords().users
  const users = useSuspenseQuery(usersQuery).data.data
  const me = useMe()
  const [inviting, setInviting] = useState(false)
  useTitle(words.title)
  return (
    <Section
      title={words.title}
      text={words.text}
      actions={
        <Button variant="primary" onClick={() => setInviting(true)}>
          {words.invite}
        </Button>
      }
    >
      <UserTable users={users} me={me.id} />
      <Suspense>{inviting && <UserInvite onClose={() => setInviting(false)} />}</Suspense>
    </Section>
  )
}
