import { Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { Menu as MenuIcon, Monitor, Moon, Search, Sun } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { askAgain, connection } from '../api/connection.ts'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Mark } from '../ui/mark.tsx'
import { onNeed } from '../ui/on-need.tsx'
import { useStore } from '../ui/store.ts'
import { theme, themes, wear } from '../ui/theme.ts'
import { useWords } from '../words/words.tsx'
import { useChangeMe } from '../features/account/queries.ts'
import { type Command, open, useCommands } from './commands.ts'
import { useLive } from './live.ts'
import { navigation } from './navigation.ts'
import { Rail } from './rail.tsx'
import { UnknownRuntime } from './unknown-runtime.tsx'
import { useChangesCommand } from './unpublished.ts'
import { listenForShortcuts, useShortcuts } from './shortcuts.ts'
import { listenAhead } from './typed-ahead.ts'

const Palette = onNeed(() => import('./palette.tsx'))
const ShortcutSheet = onNeed(() => import('./shortcut-sheet.tsx'))
const Drawer = onNeed(() => import('./drawer.tsx'))

/** The frame around every page of who is signed in. */
export function Shell() {
  const words = useWords().shell
  const [narrow, setNarrow] = useNarrow()
  const floating = useStore(open)
  useEffect(listenForShortcuts, [])
  useShellShortcuts(() => setNarrow(!narrow))
  useThemeCommands()
  useLive()
  useChangesCommand()
  return (
    <div
      className={classes(
        'grid min-h-dvh grid-rows-[auto_1fr] md:grid-rows-1',
        narrow ? 'md:grid-cols-[3.5rem_minmax(0,1fr)]' : 'md:grid-cols-[15rem_minmax(0,1fr)]',
      )}
    >
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-ink px-3 py-1.5 text-page text-sm focus:translate-y-0"
      >
        {words.skip}
      </a>
      <aside className="sticky top-0 z-30 hidden h-dvh border-line border-r bg-ground md:block">
        <Rail narrow={narrow} onToggle={() => setNarrow(!narrow)} />
      </aside>
      <PhoneBar />
      <div className="flex min-w-0 flex-col">
        <ConnectionBanner />
        <main id="content" tabIndex={-1} className="w-full max-w-360 flex-1 px-4 py-6 outline-none sm:px-8">
          <UnknownRuntime />
          <Outlet />
        </main>
      </div>
      {floating === 'palette' && <Palette open />}
      {floating === 'shortcuts' && <ShortcutSheet open />}
    </div>
  )
}

const place = 'studio.narrow'

function useNarrow(): [boolean, (next: boolean) => void] {
  const [narrow, set] = useState(() => {
    try {
      return localStorage.getItem(place) === 'yes'
    } catch {
      return false
    }
  })
  return [
    narrow,
    (next) => {
      try {
        localStorage.setItem(place, next ? 'yes' : 'no')
      } catch {
        // Then it holds until the page is left.
      }
      set(next)
    },
  ]
}

function useShellShortcuts(onToggle: () => void): void {
  const words = useWords().shell
  const router = useRouter()
  useShortcuts([
    {
      keys: '⌘K',
      label: words.openPalette,
      run() {
        if (open.get() !== 'palette') listenAhead()
        open.set(open.get() === 'palette' ? null : 'palette')
      },
    },
    { keys: '?', label: words.showShortcuts, run: () => open.set('shortcuts') },
    { keys: '/', label: words.focusSearch, run: () => document.querySelector<HTMLElement>('[data-search]')?.focus() },
    { keys: '[', label: words.toggleNavigation, run: onToggle },
    ...navigation.map((section) => ({
      keys: `g ${section.key}`,
      run: () => void router.navigate({ to: section.to }),
    })),
  ])
}

const themeIcons = { system: Monitor, light: Sun, dark: Moon }

function useThemeCommands(): void {
  const words = useWords().shell
  const { mutate } = useChangeMe()
  const worn = useStore(theme)
  const commands = useMemo(
    () =>
      themes
        .filter((one) => one !== worn)
        .map(
          (one): Command => ({
            id: `theme-${one}`,
            Icon: themeIcons[one],
            title: `${words.theme}: ${words.themes[one]}`,
            also: `theme ${one}`,
            run() {
              wear(one)
              mutate({ theme: one })
            },
          }),
        ),
    [words, worn, mutate],
  )
  useCommands(commands)
}

/** Where there is no room for the rail: it comes in as a drawer. */
function PhoneBar() {
  const words = useWords()
  const [isOpen, setOpen] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes when another page is shown.
  useEffect(() => setOpen(false), [path])
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-1 border-line border-b bg-page px-2 md:hidden">
      <IconButton
        label={words.shell.openNavigation}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        icon={<MenuIcon className="size-5" aria-hidden />}
        onClick={() => setOpen(true)}
      />
      <Drawer open={isOpen} onClose={() => setOpen(false)} />
      <Mark className="size-5" />
      <span className="flex-1 font-semibold">{words.ui.product}</span>
      <IconButton
        label={words.ui.search}
        icon={<Search className="size-5" aria-hidden />}
        onClick={() => open.set('palette')}
      />
    </header>
  )
}

function ConnectionBanner() {
  const words = useWords().shell
  const isLost = useStore(connection) === 'lost'
  return (
    <div role="status" className={isLost ? 'sticky top-12 z-20 md:top-0' : undefined}>
      {isLost && (
        <div className="flex flex-wrap items-center justify-center gap-x-3 bg-warn-soft px-4 py-2 text-sm text-warn">
          {words.offline}
          <button type="button" className="font-medium underline" onClick={() => void askAgain()}>
            {words.offlineAgain}
          </button>
        </div>
      )}
    </div>
  )
}
