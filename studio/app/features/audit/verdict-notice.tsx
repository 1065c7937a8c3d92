import { Notice } from '../../ui/notice.tsx'
import { useWords } from '../../words/words.tsx'
import type { Verdict } from './entries.ts'

/** Whether the log is what was written, and the mark to note elsewhere. */
export function VerdictNotice({ verdict: { whole, head, fault } }: { verdict: Verdict }) {
  const words = useWords().audit
  return (
    <div className="mb-4">
      <Notice kind={whole ? 'ok' : 'danger'}>
        <p className="font-medium">{whole ? words.whole(head.n) : words.broken(fault?.n ?? head.n)}</p>
        {fault && <p>{fault.detail}</p>}
        {whole && head.n > 0 && (
          <p>
            {words.headHint} <code className="break-all font-mono text-xs">{`${head.n}:${head.hash}`}</code>
          </p>
        )}
      </Notice>
    </div>
  )
}
