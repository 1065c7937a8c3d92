import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/keys.tsx'
import { useStore } from '../ui/store.ts'
import { useWords } from '../words/words.tsx'
import { open } from './commands.ts'
import { navigation } from './navigation.ts'
import { shortcuts } from './shortcuts.ts'

/** `?`: what the keys do, here and everywhere. Loaded when it is first opened. */
export default function ShortcutSheet(_: { open: true }) {
  const words = useWords().shell
  const labelled = useStore(shortcuts).filter((one) => one.label !== undefined)
  const groups: { label: string; lines: (readonly [keys: string, label: string])[] }[] = [
    { label: words.shortcutGroups.everywhere, lines: labelled.map((one) => [one.keys, one.label ?? ''] as const) },
    {
      label: words.shortcutGroups.goTo,
      lines: navigation.map((section) => [`g ${section.key}`, words.sections[section.id]] as const),
    },
    {
      label: words.shortcutGroups.lists,
      lines: [
        ['↑ ↓', words.moveInList],
        ['↵', words.openInList],
      ],
    },
  ]
  return (
    <Dialog open onClose={() => open.set(null)} title={words.shortcuts}>
      {groups.map((group) => (
        <section key={group.label}>
          <h3 className="mb-1 text-faint text-xs">{group.label}</h3>
          <dl className="divide-y divide-line text-sm">
            {group.lines.map(([keys, label]) => (
              <div key={keys} className="flex items-center justify-between gap-4 py-1.5">
                <dt>{label}</dt>
                <dd>
                  <Keys keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
