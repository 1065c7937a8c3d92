import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { isForbidden, isMissing, tell } from '../api/problem.ts'
import { buttonClasses } from '../ui/button.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { EmptyState, ErrorState, ForbiddenState } from '../ui/states.tsx'
import { useWords } from '../words/words.tsx'

/** What a route shows while its loader takes longer than a moment. */
export function PagePending() {
  return <PageSkeleton />
}

/** What a route shows when its loader or its component fails: forbidden, not there, or failed with a way to try again. */
export function PageError({ error }: ErrorComponentProps) {
  const words = useWords()
  const router = useRouter()
  const { reset } = useQueryErrorResetBoundary()
  if (isForbidden(error)) return <ForbiddenState page />
  if (isMissing(error)) return <PageMissing />
  return (
    <ErrorState
      page
      {...tell(error, words)}
      onRetry={() => {
        reset()
        void router.invalidate()
      }}
    />
  )
}

/** There is no such page, or not what it is about. */
export function PageMissing() {
  const { ui } = useWords()
  return (
    <EmptyState
      page
      icon={<Compass aria-hidden />}
      title={ui.notFound}
      text={ui.notFoundHint}
      action={
        <Link to="/" className={buttonClasses()}>
          {ui.home}
        </Link>
      }
    />
  )
}

/** The same for what fails outside the shell, where nothing frames it. */
export function BareError(props: ErrorComponentProps) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <PageError {...props} />
    </main>
  )
}

export function BareMissing() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <PageMissing />
    </main>
  )
}
