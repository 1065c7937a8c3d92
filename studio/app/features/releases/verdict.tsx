import { Notice } from '../../ui/notice.tsx'
import { Status } from '../../ui/status.tsx'
import { useFormats, useWords } from '../../words/words.tsx'
import { ProblemList } from './problem-list.tsx'
import type { Verdict as Said } from './queries.ts'
import { type ItemViews, type NamedRuntime, namesOf } from './views.ts'

export interface VerdictProps {
  /** `null` while it is asked for. */
  verdict: Said | null
  /** How many were asked: where none of them answered, nothing is known. */
  asked: number
  runtimes: readonly NamedRuntime[]
  views: ItemViews
}

/** What the runtimes say of a release before it is one. */
export function Verdict({ verdict, asked, runtimes, views }: VerdictProps) {
  const words = useWords().changes
  const formats = useFormats()
  if (verdict === null) {
    return (
      <p role="status" className="text-soft text-sm">
        <Status kind="muted" live>
          {words.checking}
        </Status>
      </p>
    )
  }
  const { errors, against, unchecked } = verdict
  const isOwn = errors.some(({ runtime }) => runtime === null)
  return (
    <div className="flex flex-col gap-3">
      {errors.length === 0 && against.length === 0 && unchecked.length < asked && (
        <p role="status" className="text-sm">
          <Status kind="ok">{words.fits}</Status>
        </p>
      )}
      {errors.length > 0 && (
        <div role="alert" className="flex flex-col gap-2 text-sm">
          <Status kind="danger">
            {isOwn ? words.incomplete : words.refusedBy(formats.list(namesOf(against, runtimes)))}
          </Status>
          <ProblemList problems={distinct(errors)} views={views} />
        </div>
      )}
      {unchecked.length > 0 && (
        <Notice kind="info">{words.unchecked(formats.list(namesOf(unchecked, runtimes)))}</Notice>
      )}
    </div>
  )
}

/** Several runtimes say the same of the same place. */
function distinct(errors: Said['errors']): Said['errors'] {
  const key = ({ kind, name, pointer, detail }: Said['errors'][number]) => JSON.stringify([kind, name, pointer, detail])
  return [...new Map(errors.map((error) => [key(error), error])).values()]
}
