import { Link } from '@tanstack/react-router'
import { PanelLeft, Search } from 'lucide-react'
import { classes } from '../ui/classes.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Keys } from '../ui/keys.tsx'
import { Mark } from '../ui/mark.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useWords } from '../words/words.tsx'
import { open } from './commands.ts'
import { FirstStepsLink } from './first-steps-link.tsx'
import { groups, navigation, type Section } from './navigation.ts'
import { railLinkClasses } from './rail-link.ts'
import { RuntimeSwitcher } from './runtime-switcher.tsx'
import { useUnpublished } from './unpublished.ts'
import { UserMenu } from './user-menu.tsx'

export interface RailProps {
  /** Icons alone. */
  narrow: boolean
  /** Turns it narrow and wide again; the drawer of a phone has none. */
  onToggle?: () => void
}

/** Where one can go: the runtime, the sections, oneself. */
export function Rail({ narrow, onToggle }: RailProps) {
  const words = useWords().shell
  return (
    <div className={classes('flex h-full flex-col gap-3 py-3', narrow ? 'px-2' : 'px-3')}>
      <div className={classes('flex items-center', narrow ? 'flex-col gap-2' : 'justify-between')}>
        <Link to="/" className="flex h-8 items-center gap-2 rounded-md px-1 font-semibold">
          <Mark className="size-5.5" />
          <span className={narrow ? 'sr-only' : undefined}>{useWords().ui.product}</span>
        </Link>
        {onToggle && (
          <IconButton
            label={narrow ? words.expand : words.collapse}
            shortcut="["
            icon={<PanelLeft className="size-4" aria-hidden />}
            onClick={onToggle}
          />
        )}
      </div>
      <RuntimeSwitcher narrow={narrow} />
      <PaletteButton narrow={narrow} />
      <nav aria-label={words.navigation} className="-mx-1 min-h-0 flex-1 overflow-y-auto px-1">
        <FirstStepsLink narrow={narrow} />
        <Sections group={null} narrow={narrow} />
        {groups.map((group) => (
          <Sections key={group} group={group} narrow={narrow} />
        ))}
      </nav>
      <UserMenu narrow={narrow} />
    </div>
  )
}

function PaletteButton({ narrow }: { narrow: boolean }) {
  const words = useWords()
  if (narrow) {
    return (
      <div className="grid place-items-center">
        <IconButton
          label={words.ui.search}
          shortcut="⌘K"
          icon={<Search className="size-4" aria-hidden />}
          onClick={() => open.set('palette')}
        />
      </div>
    )
  }
  return (
    <button
      type="button"
      onClick={() => open.set('palette')}
      className="flex h-8 items-center gap-2 rounded-md border border-edge bg-page px-2 text-faint text-sm hover:border-control hover:text-soft"
    >
      <Search className="size-4" aria-hidden />
      <span className="flex-1 text-left">{words.ui.search}</span>
      <Keys keys="⌘K" />
    </button>
  )
}

function Sections({ group, narrow }: { group: Section['group']; narrow: boolean }) {
  const words = useWords().shell
  const sections = navigation.filter((section) => section.group === group)
  if (sections.length === 0) return null
  // A group of one that bears its own name needs no heading.
  const heading = group !== null && group !== 'settings' ? words.groups[group] : null
  return (
    <div className="mb-3">
      {heading && (
        <h2 className={classes('px-2 pb-1 font-medium text-faint text-xs', narrow && 'sr-only')}>{heading}</h2>
      )}
      {narrow && group !== null && <div className="mx-2 mb-2 h-px bg-line" />}
      <ul className="flex flex-col gap-px">
        {sections.map((section) => (
          <li key={section.id}>
            <SectionLink section={section} narrow={narrow} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function SectionLink({ section: { id, to, Icon }, narrow }: { section: Section; narrow: boolean }) {
  const words = useWords().shell
  const unpublished = useUnpublished()
  const mark = id === 'releases' && unpublished > 0 ? words.unpublished(unpublished) : null
  const name = words.sections[id]
  const label = mark === null ? name : `${name}, ${mark}`
  const link = (
    <Link to={to} aria-label={narrow ? label : undefined} className={railLinkClasses(narrow)}>
      <Icon className="size-4 shrink-0" aria-hidden />
      {!narrow && <span className="truncate">{name}</span>}
      {!narrow && mark !== null && (
        <span className="ml-auto rounded-full bg-accent-soft px-1.5 font-medium text-accent text-xs">
          <span aria-hidden>{unpublished}</span>
          <span className="sr-only">{mark}</span>
        </span>
      )}
      {narrow && mark !== null && <span className="absolute top-1 right-2 size-1.5 rounded-full bg-accent" />}
    </Link>
  )
  return narrow ? (
    <Tooltip text={label} side="right">
      {link}
    </Tooltip>
  ) : (
    link
  )
}
