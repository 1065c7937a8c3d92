import { createFileRoute, Link, Outlet, useRouter } from '@tanstack/react-router'
import { Server } from 'lucide-react'
import { RuntimeBanner } from '../../features/watch/runtime-banner.tsx'
import { useRuntime } from '../../shell/runtime.ts'
import { buttonClasses } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useWords } from '../../words/words.tsx'

export const Route = createFileRoute('/_signed-in/_watch')({ component: WatchFrame })

/** Around the pages that show what happens in a runtime: says when there is none, and when it does not answer. */
function WatchFrame() {
  const words = useWords().watch
  const runtime = useRuntime()
  const router = useRouter()
  if (runtime === null) {
    return (
      <EmptyState
        page
        icon={<Server aria-hidden />}
        title={words.noRuntime}
        text={words.noRuntimeHint}
        action={
          <Link to="/settings/runtimes" className={buttonClasses('primary')}>
            {words.connect}
          </Link>
        }
      />
    )
  }
  return (
    <>
      <RuntimeBanner key={runtime.id} runtime={runtime} onBack={() => void router.invalidate()} />
      <Outlet />
    </>
  )
}
