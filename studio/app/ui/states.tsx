import { CircleAlert, Lock, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWords } from '../words/words.tsx'
import { Button } from './button.tsx'

export interface StateProps {
  icon?: ReactNode
  title: string
  text?: ReactNode
  /** The way on: a button or a link. */
  action?: ReactNode
  /** It stands for the whole page, and its title is the page's heading. */
  page?: boolean
}

/** A place that has nothing to show, with what it is for and the way on. */
export function EmptyState({ icon, title, text, action, page = false }: StateProps) {
  const Title = page ? 'h1' : 'p'
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-1 px-4 py-16 text-center">
      {icon && <div className="mb-3 text-faint [&>svg]:size-6">{icon}</div>}
      <Title className="font-medium text-ink">{title}</Title>
      {text && <div className="text-balance text-soft text-sm">{text}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}

/** A list whose search or filters leave nothing. */
export function NoMatchState({ text, onClear }: { text?: string | undefined; onClear?: () => void }) {
  const { ui } = useWords()
  return (
    <EmptyState
      icon={<SearchX aria-hidden />}
      title={ui.noMatch}
      text={text ?? ui.noMatchHint}
      action={onClear && <Button onClick={onClear}>{ui.clear}</Button>}
    />
  )
}

export interface ErrorStateProps {
  /** What went wrong, as `tell` of `api/problem.ts` says it. */
  title?: string
  text?: string | null
  requestId?: string | null
  onRetry?: () => void
  page?: boolean
}

/** What should be here did not load. */
export function ErrorState({ title, text, requestId, onRetry, page }: ErrorStateProps) {
  const { ui } = useWords()
  return (
    <div role="alert">
      <EmptyState
        icon={<CircleAlert className="text-danger" aria-hidden />}
        page={page}
        title={title ?? ui.failed}
        text={
          <>
            {text}
            {requestId && <span className="mt-1 block font-mono text-faint text-xs">{ui.requestId(requestId)}</span>}
          </>
        }
        action={onRetry && <Button onClick={onRetry}>{ui.retry}</Button>}
      />
    </div>
  )
}

/** The role of the person does not allow this place. */
export function ForbiddenState({ page }: { page?: boolean }) {
  const { ui } = useWords()
  return <EmptyState page={page} icon={<Lock aria-hidden />} title={ui.forbidden} text={ui.forbiddenHint} />
}
