import { Problem, tell } from '../../api/problem.ts'
import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words/words.tsx'
import type { Failure } from './turn.ts'

/** Why there is no answer, and the way out. */
export function FailureNotice({ failure, draft }: { failure: Failure; draft: boolean }) {
  const words = useWords()
  const { code, detail, hint, requestId, errors } = failure
  if (code === 'connection' || code === 'late') return <Notice kind="danger">{words.playground.answerLost}</Notice>
  const told = tell(new Problem({ ...plain(failure), code, status: 400, detail, errors }), words)
  const isRefused = draft && errors.length > 0
  return (
    <Notice kind="danger">
      <p className="font-medium">{isRefused ? words.playground.draftRefused : words.playground.failed}</p>
      {errors.length === 0 && <p className="break-words">{told.title}</p>}
      {errors.map((error) => (
        <p key={error.pointer + error.detail} className="break-words">
          <code className="font-mono">{placeOf(error.pointer)}</code> {error.detail}
        </p>
      ))}
      {(told.text ?? hint) && <p className="break-words">{told.text ?? hint}</p>}
      {requestId && <p className="font-mono text-xs">{words.ui.requestId(requestId)}</p>}
    </Notice>
  )
}

/** Without what is null, which a problem does not know. */
function plain({ hint, requestId }: Failure) {
  return { ...(hint === null ? {} : { hint }), ...(requestId === null ? {} : { requestId }) }
}

function placeOf(pointer: string): string {
  return pointer
    .split('/')
    .filter((step) => step !== '' && step !== 'document')
    .join(' › ')
}
