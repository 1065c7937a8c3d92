import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { useWords } from '../words/words.tsx'
import { classes } from './classes.ts'
import { Differences, type FieldDifference } from './difference.tsx'
import { Badge } from './status.tsx'

export interface ChangedThing {
  key: string
  /** What it is called, for a screen reader. */
  name: string
  /** As it is shown: a link with an icon. */
  title: ReactNode
  change: 'created' | 'changed' | 'deleted'
  differences: readonly FieldDifference[]
  /** What a field is called; default its path. */
  labelOf?(pointer: string): string
  /** Before the name: a box to choose it. */
  choose?: ReactNode
  /** On the right: who, when. */
  note?: ReactNode
  /** Below the name, always seen: what is wrong with it. */
  problems?: ReactNode
}

/** Things that were added, changed and removed, each with its differences behind a chevron. A few are open at first. */
export function ChangedList({ things, label }: { things: readonly ChangedThing[]; label: string }) {
  const few = things.length <= 4
  return (
    <ul aria-label={label} className="divide-y divide-line border-line border-y">
      {things.map((thing) => (
        <Row key={thing.key} thing={thing} open={few && thing.change === 'changed'} />
      ))}
    </ul>
  )
}

const marks = { created: 'ok', changed: 'info', deleted: 'danger' } as const

function Row({ thing, open }: { thing: ChangedThing; open: boolean }) {
  const words = useWords().ui
  const [isOpen, setOpen] = useState(open)
  const id = useId()
  const said = { created: words.added, changed: words.changed, deleted: words.removed }[thing.change]
  return (
    <li className="py-2.5">
      <div className="flex items-start gap-x-2.5 [&>:first-child:not(button)]:mt-0.5">
        {thing.choose}
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          aria-label={words.differencesOf(thing.name)}
          onClick={() => setOpen(!isOpen)}
          className="grid size-6 shrink-0 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
        >
          <ChevronRight className={classes('size-4 transition-transform', isOpen && 'rotate-90')} aria-hidden />
        </button>
        <div className="flex min-h-6 min-w-0 flex-1 flex-wrap items-center gap-x-2.5 gap-y-1">
          <h2 className="min-w-0 break-words font-medium">{thing.title}</h2>
          <Badge kind={marks[thing.change]}>{said}</Badge>
          {thing.note && <div className="ml-auto min-w-0 truncate text-faint text-sm">{thing.note}</div>}
        </div>
      </div>
      {thing.problems}
      <div id={id} hidden={!isOpen} className="mt-2 sm:pl-8 [&>ul]:border-b-0">
        {isOpen && <Differences differences={thing.differences} labelOf={thing.labelOf} />}
      </div>
    </li>
  )
}
