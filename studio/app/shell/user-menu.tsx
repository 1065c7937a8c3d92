import { Link, useNavigate } from '@tanstack/react-router'
import { Keyboard, LogOut, UserRound } from 'lucide-react'
import { useChangeMe, useSignOut } from '../features/account/queries.ts'
import { classes } from '../ui/classes.ts'
import { Menu } from '../ui/menu.tsx'
import { useStore } from '../ui/store.ts'
import { theme, themes, wear } from '../ui/theme.ts'
import { language, languages, speak } from '../words/language.ts'
import { useWords } from '../words/words.tsx'
import { open } from './commands.ts'
import { useMe } from './me.ts'

/** Who is signed in, and what they set for themselves. */
export function UserMenu({ narrow }: { narrow: boolean }) {
  const words = useWords()
  const me = useMe()
  const change = useChangeMe()
  const signOut = useSignOut()
  const navigate = useNavigate()
  const spoken = useStore(language)
  const worn = useStore(theme)
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={narrow ? words.shell.userMenu(me.name) : undefined}
          className={classes(
            'flex h-10 w-full items-center gap-2.5 rounded-md text-left text-sm hover:bg-hover data-popup-open:bg-hover',
            narrow ? 'justify-center' : 'px-2',
          )}
        >
          <span
            aria-hidden
            className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft font-medium text-accent text-xs"
          >
            {[...me.name][0]?.toUpperCase()}
          </span>
          {!narrow && (
            <span className="min-w-0 flex-1 leading-4">
              <span className="block truncate font-medium">{me.name}</span>
              <span className="block truncate text-faint text-xs">{words.shell.roles[me.role]}</span>
            </span>
          )}
        </button>
      }
      groups={[
        {
          items: [
            {
              label: words.shell.profile,
              icon: <UserRound className="size-4" aria-hidden />,
              render: <Link to="/settings/profile" />,
            },
            {
              label: words.shell.shortcuts,
              icon: <Keyboard className="size-4" aria-hidden />,
              shortcut: '?',
              onSelect: () => open.set('shortcuts'),
            },
          ],
        },
        {
          label: words.shell.language,
          items: languages.map((value) => ({
            label: words.account.languages[value],
            checked: value === spoken,
            onSelect() {
              speak(value)
              change.mutate({ language: value })
            },
          })),
        },
        {
          label: words.shell.theme,
          items: themes.map((value) => ({
            label: words.shell.themes[value],
            checked: value === worn,
            onSelect() {
              wear(value)
              change.mutate({ theme: value })
            },
          })),
        },
        {
          items: [
            {
              label: words.shell.signOut,
              icon: <LogOut className="size-4" aria-hidden />,
              onSelect: () => signOut.mutate(undefined, { onSuccess: () => void navigate({ to: '/sign-in' }) }),
            },
          ],
        },
      ]}
    />
  )
}
