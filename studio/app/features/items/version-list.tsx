import type { z } from 'zod'
import type { Item, itemVersion } from '../../../src/schemas/item.ts'
import { classes } from '../../ui/classes.ts'
import { Badge } from '../../ui/status.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { useWords } from '../../words/words.tsx'

export interface VersionListProps {
  item: Item
  /** Newest first. */
  versions: readonly z.infer<typeof itemVersion>[]
  shown: number
  onShow(n: number): void
}

/** Who saved what when, and why. */
export function VersionList({ item, versions, shown, onShow }: VersionListProps) {
  const words = useWords().items
  return (
    <ol
      aria-label={words.history}
      className="max-h-[40dvh] lg:max-h-[70dvh] self-start overflow-y-auto border-line border-y"
    >
      {versions.map((version) => (
        <li key={version.n} className="border-line border-b last:border-b-0">
          <button
            type="button"
            aria-pressed={version.n === shown}
            onClick={() => onShow(version.n)}
            className={classes(
              'w-full px-3 py-2 text-left text-sm focus-visible:-outline-offset-2',
              version.n === shown ? 'bg-chosen' : 'hover:bg-hover',
            )}
          >
            <span className="flex items-center gap-2">
              <span className="font-medium">{words.version(version.n)}</span>
              {version.n === item.version && !version.deleted && <Badge>{words.current}</Badge>}
              {version.n === item.published && <Badge kind="ok">{words.published}</Badge>}
              {version.deleted && <Badge kind="danger">{words.deletedMark}</Badge>}
              <span className="ml-auto text-soft text-xs">
                <RelativeTime at={version.at} />
              </span>
            </span>
            <span className="block truncate text-soft">
              {version.author.name}
              {version.reason && ` · ${version.reason}`}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}
