import { Fragment, type ReactNode } from 'react'

export interface KeyValueProps {
  /** What it is called and what it is; `null` as a value leaves the line out. */
  entries: readonly (readonly [name: string, value: ReactNode | null])[]
}

/** Facts about one thing: names on the left, values on the right; above each other on a phone. */
export function KeyValue({ entries }: KeyValueProps) {
  const shown = entries.filter(([, value]) => value !== null)
  if (shown.length === 0) return null
  return (
    <dl className="grid gap-x-6 gap-y-0.5 text-sm sm:grid-cols-[minmax(8rem,auto)_1fr] sm:gap-y-2">
      {shown.map(([name, value]) => (
        <Fragment key={name}>
          <dt className="text-soft">{name}</dt>
          <dd className="mb-2 min-w-0 break-words sm:mb-0">{value}</dd>
        </Fragment>
      ))}
    </dl>
  )
}
