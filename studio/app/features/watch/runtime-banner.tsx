import { Problem, tell } from '../../api/problem.ts'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words/words.tsx'
import { useReach } from './reach.ts'
import type { Watched } from './types.ts'

/** Stands above the page while its runtime does not answer; `onBack` is called when it does again. */
export function RuntimeBanner({ runtime, onBack }: { runtime: Watched; onBack(): void }) {
  const words = useWords()
  const error = useReach(runtime.id, onBack)
  if (error === null) return null
  // One that takes no key, say, answers, and does not go on by itself.
  const isAway = error instanceof Problem && error.code === 'runtime_unreachable'
  return (
    <div className="mb-5">
      <Notice kind="warn">
        {isAway ? (
          <>
            <strong className="font-semibold">{words.watch.lost(runtime.name)}</strong> {words.watch.lostHint}
          </>
        ) : (
          <>
            <strong className="font-semibold">{runtime.name}</strong>: {tell(error, words).title}
          </>
        )}
      </Notice>
    </div>
  )
}
