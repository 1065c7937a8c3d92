import { createFileRoute } from '@tanstack/react-router'
import { AppearanceForm } from '../../../features/account/appearance-form.tsx'
import { PasswordForm } from '../../../features/account/password-form.tsx'
import { ProfileForm } from '../../../features/account/profile-form.tsx'
import { useMe } from '../../../shell/me.ts'
import { useTitle } from '../../../shell/title.ts'
import { Section } from '../../../ui/page-header.tsx'
import { useWords } from '../../../words/words.tsx'

export const Route = createFileRoute('/_signed-in/settings/profile')({ component: ProfilePage })

function ProfilePage() {
  const words = useWords().account
  const me = useMe()
  useTitle(words.profile)
  return (
    <div className="max-w-2xl">
      <Section title={words.profile} text={words.profileText}>
        <ProfileForm me={me} />
      </Section>
      <Section title={words.appearance}>
        <AppearanceForm />
      </Section>
      <Section title={words.changePassword} text={words.changePasswordText}>
        <PasswordForm login={me.login} />
      </Section>
    </div>
  )
}
