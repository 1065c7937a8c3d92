import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
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
  const navigate = useNavigate()
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
            onSelect: () =>
              void navigate({ to: '.', search: (search: object) => ({ ...search, runtime: one.id }) } as never),
          })),
        },
        ...(mayConnect ? [{ items: [{ label: words.manageRuntimes, render: <Link to="/settings/runtimes" /> }] }] : []),
      ]}
    />
  )
}
