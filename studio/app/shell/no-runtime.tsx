import { Link } from '@tanstack/react-router'
import { Server } from 'lucide-react'
import { buttonClasses } from '../ui/button.tsx'
import { EmptyState } from '../ui/states.tsx'
import { useWords } from '../words/words.tsx'
import { useMay } from './me.ts'

/** In place of a page that shows a runtime, while none is connected. */
export function NoRuntime() {
  const words = useWords().shell
  const mayConnect = useMay('admin')
  return (
    <EmptyState
      page
      icon={<Server aria-hidden />}
      title={words.noRuntime}
      text={words.noRuntimeHint}
      action={
        mayConnect && (
          <Link to="/settings/runtimes" className={buttonClasses('primary')}>
            {words.connectRuntime}
          </Link>
        )
      }
    />
  )
}
