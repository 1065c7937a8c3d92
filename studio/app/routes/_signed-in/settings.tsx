import { createFileRoute, Link, type LinkProps, Outlet } from '@tanstack/react-router'
import { useMay } from '../../shell/me.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { tabClasses, tabListClasses } from '../../ui/tabs.tsx'
import { useWords } from '../../words/words.tsx'

export const Route = createFileRoute('/_signed-in/settings')({ component: SettingsPage })

/** The frame of all settings; each has its own address. A setting adds its link here. */
function SettingsPage() {
  const words = useWords()
  const isAdmin = useMay('admin')
  return (
    <>
      <PageHeader title={words.shell.sections.settings} />
      <nav aria-label={words.shell.sections.settings} className={`mb-6 ${tabListClasses}`}>
        <SettingLink to="/settings/profile">{words.account.profile}</SettingLink>
        <SettingLink to="/settings/runtimes">{words.runtimes.title}</SettingLink>
        {isAdmin && <SettingLink to="/settings/keys">{words.keys.title}</SettingLink>}
        {isAdmin && <SettingLink to="/settings/users">{words.users.title}</SettingLink>}
        {isAdmin && <SettingLink to="/settings/webhooks">{words.webhooks.title}</SettingLink>}
      </nav>
      <div>
        <Outlet />
      </div>
    </>
  )
}

function SettingLink({ to, children }: { to: LinkProps['to']; children: string }) {
  return (
    <Link to={to} className={tabClasses}>
      {children}
    </Link>
  )
}
