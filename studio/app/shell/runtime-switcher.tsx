import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { ChevronsUpDown, Plus, Server } from 'lucide-react'
import { runtimesQuery } from '../features/runtimes/queries.ts'
import { classes } from '../ui/classes.ts'
import { Menu } from '../ui/menu.tsx'
import { useWords } from '../words/words.tsx'
import { useMay } from './me.ts'
import { useRuntime } from './runtime.ts'

/** Which runtime the pages show. The choice is in the URL, so that a link shows the same to somebody else. */
export function RuntimeSwitcher({ narrow }: { narrow: boolean }) {
  const words = useWords().shell
  const runtimes = useSuspenseQuery(runtimesQuery).data.data
  const current = useRuntime()
  const router = useRouter()
  const mayConnect = useMay('admin')
  const looks = classes(
    'flex h-9 w-full items-center gap-2 rounded-md border border-edge bg-page text-left text-sm hover:border-control data-popup-open:border-control',
    narrow ? 'justify-center' : 'px-2',
  )
  if (current === null) {
    return (
      <Link to="/settings/runtimes" className={classes(looks, 'text-soft')} aria-label={words.connectRuntime}>
        <Plus className="size-4 shrink-0" aria-hidden />
        {!narrow && <span className="truncate">{mayConnect ? words.connectRuntime : words.noRuntime}</span>}
      </Link>
    )
  }
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={looks} aria-label={`${words.runtime}: ${current.name}`}>
          <Server className="size-4 shrink-0 text-faint" aria-hidden />
          {!narrow && <span className="min-w-0 flex-1 truncate font-medium">{current.name}</span>}
          {!narrow && <ChevronsUpDown className="size-3.5 text-faint" aria-hidden />}
        </button>
      }
      groups={[
        {
          label: words.chooseRuntime,
          items: runtimes.map((one) => ({
            label: one.name,
            checked: one.id === current.id,
            onSelect: () => void router.navigate(sameIn(one.id, router.state.location) as never),
          })),
        },
        ...(mayConnect ? [{ items: [{ label: words.manageRuntimes, render: <Link to="/settings/runtimes" /> }] }] : []),
      ]}
    />
  )
}

/**
 * The same page of another runtime. What one runtime has by an id the other has not: then it is the list that it stood in,
 * without what was looked for there.
 */
function sameIn(runtime: string, { pathname }: { pathname: string }) {
  const [, watched] = /^\/(tasks|sessions|trace|deliveries|logs)(?:\/|$)/.exec(pathname) ?? []
  if (watched) return { to: `/${watched}`, search: { runtime } }
  return { to: '.', search: (now: object) => ({ ...now, runtime }) }
}
