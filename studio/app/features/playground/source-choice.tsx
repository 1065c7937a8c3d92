import { classes } from '../../ui/classes.ts'
import { useWords } from '../../words/words.tsx'
import { sources } from './sources.ts'
import type { Partner } from './talk.ts'

/** What runs, or what is saved. */
export function SourceChoice({
  value,
  onChange,
}: {
  value: Partner['source']
  onChange(next: Partner['source']): void
}) {
  const words = useWords().playground
  return (
    <fieldset className="inline-flex h-8 rounded-md border border-control/60 p-0.5">
      <legend className="sr-only">{words.source}</legend>
      {sources.map((source) => (
        <label
          key={source}
          className={classes(
            'inline-flex cursor-pointer items-center rounded-sm px-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent',
            source === value ? 'bg-chosen font-medium text-ink' : 'text-soft hover:text-ink',
          )}
        >
          <input
            type="radio"
            name="source"
            className="sr-only"
            checked={source === value}
            onChange={() => onChange(source)}
          />
          {words.sources[source]}
        </label>
      ))}
    </fieldset>
  )
}
