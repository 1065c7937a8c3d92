import { lazy, Suspense } from 'react'
import { useWords } from '../words/words.tsx'
import { Badge } from './status.tsx'
import { Skeleton } from './skeleton.tsx'

export interface FieldDifference {
  /** A JSON pointer: `/instructions`. */
  pointer: string
  /** `undefined` where it was not there before, or is no more. */
  before?: unknown
  after?: unknown
}

export interface DifferencesProps {
  differences: readonly FieldDifference[]
  /** What a field is called; default its path. */
  labelOf?(pointer: string): string
}

/** What changed in a thing, field by field; texts of several lines side by side. */
export function Differences({ differences, labelOf = pathOf }: DifferencesProps) {
  const words = useWords().ui
  if (differences.length === 0) return <p className="text-soft text-sm">{words.noDifference}</p>
  return (
    <ul className="divide-y divide-line border-line border-y">
      {differences.map((one) => (
        <li key={one.pointer} className="py-3">
          <div className="mb-1.5 flex items-center gap-2">
            <h3 className="min-w-0 break-words font-medium text-sm">{labelOf(one.pointer)}</h3>
            <Kind difference={one} />
          </div>
          <Values difference={one} />
        </li>
      ))}
    </ul>
  )
}

function pathOf(pointer: string): string {
  return pointer.slice(1).replaceAll('/', ' › ')
}

function Kind({ difference: { before, after } }: { difference: FieldDifference }) {
  const words = useWords().ui
  if (before === undefined) return <Badge kind="ok">{words.added}</Badge>
  if (after === undefined) return <Badge kind="danger">{words.removed}</Badge>
  return <Badge kind="info">{words.changed}</Badge>
}

function Values({ difference: { before, after } }: { difference: FieldDifference }) {
  const words = useWords().ui
  const [old, next] = [shown(before), shown(after)]
  if (old !== null && next !== null && (old.includes('\n') || next.includes('\n') || old.length + next.length > 160)) {
    return <TextDifference before={old} after={next} label={`${words.before}, ${words.after}`} />
  }
  return (
    <div className="flex flex-col gap-1 font-mono text-sm">
      {old !== null && (
        <del className="block whitespace-pre-wrap break-words rounded-sm bg-danger-soft px-2 py-0.5 text-danger no-underline">
          <span aria-hidden>− </span>
          {old}
        </del>
      )}
      {next !== null && (
        <ins className="block whitespace-pre-wrap break-words rounded-sm bg-ok-soft px-2 py-0.5 text-ok no-underline">
          <span aria-hidden>+ </span>
          {next}
        </ins>
      )}
    </div>
  )
}

function shown(value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value === 'string') return value
  // Names stand below each other, as in a list.
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return value.join('\n')
  const inOneLine = JSON.stringify(value)
  return inOneLine.length <= 80 ? inOneLine : JSON.stringify(value, null, 2)
}

const Merge = lazy(() => import('./text-difference.tsx'))

/** Two texts side by side (below each other on a phone), what differs marked; equal parts are folded. */
export function TextDifference(props: { before: string; after: string; label: string }) {
  return (
    <Suspense fallback={<Skeleton className="h-32 w-full" />}>
      <Merge {...props} />
    </Suspense>
  )
}
