import { Dialog as Base } from '@base-ui/react/dialog'
import { useRouter } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { classes } from '../ui/classes.ts'
import { Keys } from '../ui/keys.tsx'
import { useStore } from '../ui/store.ts'
import { useWords } from '../words/words.tsx'
import { actions, type Command, open } from './commands.ts'
import { useFound } from './found.ts'
import { navigation } from './navigation.ts'
import { takeTyped } from './typed-ahead.ts'

interface Group {
  label: string
  commands: Command[]
}

/** ⌘K: every page and action by name, and what is configured. Loaded when it is first opened. */
export default function Palette(_: { open: true }) {
  const words = useWords().shell
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const groups = useGroups(text)
  const all = groups.flatMap((group) => group.commands)
  const chosen = Math.min(at, all.length - 1)

  const close = (): void => open.set(null)
  const run = (command: Command | undefined): void => {
    if (!command) return
    close()
    command.run()
  }
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, chosen])

  let counted = -1
  return (
    <Base.Root open onOpenChange={(next) => !next && close()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-veil" />
        <Base.Popup
          aria-label={words.palette}
          className="overlay appearing fixed top-[12dvh] left-1/2 z-40 flex max-h-[70dvh] w-[calc(100vw-1.5rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden"
        >
          <div className="flex items-center gap-2 border-line border-b px-3.5">
            <Search className="size-4 shrink-0 text-faint" aria-hidden />
            <input
              role="combobox"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={all.length > 0 ? `${id}-${chosen}` : undefined}
              aria-label={words.palettePlaceholder}
              placeholder={words.palettePlaceholder}
              className="h-12 min-w-0 flex-1 bg-transparent outline-none"
              value={text}
              onFocus={() => {
                const ahead = takeTyped()
                if (ahead !== '') setText(text + ahead)
              }}
              onChange={(event) => {
                setText(event.target.value)
                setAt(0)
              }}
              onKeyDown={(event) => {
                if (event.nativeEvent.isComposing) return
                const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
                if (step) setAt((chosen + step + all.length) % Math.max(1, all.length))
                else if (event.key === 'Enter') run(all[chosen])
                else return
                event.preventDefault()
              }}
            />
          </div>
          <div id={`${id}-list`} role="listbox" aria-label={words.palette} className="min-h-0 overflow-y-auto p-1.5">
            {groups.map((group) => (
              // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a list box.
              <div key={group.label} role="group" aria-label={group.label}>
                <div className="px-2 pt-2 pb-1 text-faint text-xs" aria-hidden>
                  {group.label}
                </div>
                {group.commands.map((command) => {
                  counted += 1
                  const mine = counted
                  return (
                    <Option
                      key={command.id}
                      id={`${id}-${mine}`}
                      command={command}
                      isChosen={mine === chosen}
                      onPoint={() => setAt(mine)}
                      onRun={() => run(command)}
                    />
                  )
                })}
              </div>
            ))}
            {all.length === 0 && <p className="px-2 py-6 text-center text-soft text-sm">{words.paletteEmpty}</p>}
          </div>
          <div className="hidden items-center gap-4 border-line border-t px-3.5 py-2 text-faint text-xs sm:flex">
            <span className="inline-flex items-center gap-1.5">
              <Keys keys="↑ ↓" /> {words.paletteHint}
            </span>
            <span className="inline-flex items-center gap-1.5">
              <Keys keys="↵" /> {words.paletteRun}
            </span>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

interface OptionProps {
  id: string
  command: Command
  isChosen: boolean
  onPoint(): void
  onRun(): void
}

function Option({ id, command, isChosen, onPoint, onRun }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard where the focus is, in the text field.
    // biome-ignore lint/a11y/useFocusableInteractive: as above; `aria-activedescendant` names the chosen one.
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      onPointerMove={onPoint}
      onClick={onRun}
      className={classes(
        'flex h-9 cursor-default select-none items-center gap-2.5 rounded-md px-2 text-sm',
        isChosen && 'bg-chosen',
      )}
    >
      {command.Icon && <command.Icon className="size-4 shrink-0 text-faint" aria-hidden />}
      <span className="min-w-0 flex-1 truncate">{command.title}</span>
      {command.text && <span className="truncate text-faint text-xs">{command.text}</span>}
      {command.shortcut && <Keys keys={command.shortcut} />}
    </div>
  )
}

function useGroups(text: string): Group[] {
  const words = useWords().shell
  const router = useRouter()
  const doable = useStore(actions)
  const found = useFound(text)
  const pages = navigation.map(
    (section): Command => ({
      id: `page-${section.id}`,
      title: words.sections[section.id],
      also: section.id,
      Icon: section.Icon,
      shortcut: `g ${section.key}`,
      run: () => void router.navigate({ to: section.to }),
    }),
  )
  return [
    { label: words.paletteGroups.pages, commands: matching(pages, text) },
    { label: words.paletteGroups.actions, commands: matching(doable, text) },
    // Last, since it may come a moment later: what is chosen stays where it is.
    { label: words.paletteGroups.results, commands: found },
  ].filter((group) => group.commands.length > 0)
}

/** Every word that was typed is somewhere in the title, or in what it is also called. */
function matching(commands: readonly Command[], text: string): Command[] {
  const typed = text.toLowerCase().split(/\s+/).filter(Boolean)
  return commands.filter((command) => {
    const name = `${command.title} ${command.also ?? ''}`.toLowerCase()
    return typed.every((word) => name.includes(word))
  })
}
