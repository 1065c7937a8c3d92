import { RelativeTime } from '../../ui/time.tsx'
import { useWords } from '../../words/words.tsx'
import type { ShownState } from './latest.ts'
import { ProblemList } from './problem-list.tsx'
import type { Target } from './queries.ts'
import type { ItemViews } from './views.ts'

/** Why a runtime does not have a release, or not yet: at the field where there is one, and what it has instead. */
export function TargetProblem({ target, shown, views }: { target: Target; shown: ShownState; views: ItemViews }) {
  const words = useWords().releases
  const { problem, attempts, nextAt } = target
  if (shown === 'superseded') return <p className="text-soft text-sm">{words.supersededText}</p>
  if (shown === 'replaced') return <p className="text-soft text-sm">{words.replacedText}</p>
  if (shown === 'applied') return null
  if (problem === null) return <p className="text-soft text-sm">{shown === 'pending' ? words.onItsWay : null}</p>
  const title = Object.hasOwn(words.problems, problem.code) ? words.problems[problem.code] : null
  const errors = problem.errors ?? []
  // What the words of the page say already, the service need not say again.
  const isUnsaid = errors.length === 0 && problem.code !== 'release_drifted'
  return (
    <div className="mt-1 flex max-w-3xl flex-col gap-2 text-sm">
      <div>
        {title && <p>{title}</p>}
        {isUnsaid && <p className="break-words text-soft">{problem.detail}</p>}
        {isUnsaid && problem.hint && <p className="break-words text-soft">{problem.hint}</p>}
      </div>
      {errors.length > 0 && <ProblemList problems={errors} views={views} />}
      {problem.inForce && (
        <p className="text-soft">
          {words.inForce(problem.inForce.revision, problem.inForce.publisher)} ·{' '}
          <RelativeTime at={problem.inForce.appliedAt} />
        </p>
      )}
      {shown === 'pending' && (
        <p className="text-faint">
          {words.tried(attempts)}{' '}
          {nextAt !== null && nextAt > Date.now() && (
            <>
              {words.next}: <RelativeTime at={nextAt} />
            </>
          )}
        </p>
      )}
    </div>
  )
}
