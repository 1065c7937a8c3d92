import { connection } from '../../api/connection.ts'
import { ConnectionLost, Problem, tell } from '../../api/problem.ts'
import { Notice } from '../../ui/notice.tsx'
import { useStore } from '../../ui/store.ts'
import { useWords } from '../../words/words.tsx'
import { useReach } from './reach.ts'
import type { Watched } from './types.ts'

/** Stands above the page while its runtime does not answer; `onBack` is called when it does again. */
export function RuntimeBanner({ runtime, onBack }: { runtime: Watched; onBack(): void }) {
  const words = useWords()
  const error = useReach(runtime.id, onBack)
  const isReached = useStore(connection) === 'reached'
  if (error === null) return null
  // Where Studio answers, it is the runtime that is waited for. One that takes no key, say, answers, and does not go on by itself.
  const isAway =
    error instanceof ConnectionLost
      ? error.how !== 'away' && isReached
      : error instanceof Problem && error.code === 'runtime_unreachable'
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
