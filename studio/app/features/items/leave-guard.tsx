import { useBlocker } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useWords } from '../../words/words.tsx'

export interface LeaveGuardProps {
  isChanged: boolean
  /** What the paths of this item end with: its own views are no way out. */
  path: string
  onDiscard(): void
}

/** Asks who is about to leave what they typed. A reload needs no question: what is typed is kept. */
export function LeaveGuard({ isChanged, path, onDiscard }: LeaveGuardProps) {
  const words = useWords().items
  const blocker = useBlocker({
    shouldBlockFn: ({ next }) => isChanged && !decodeURIComponent(next.pathname).endsWith(path),
    enableBeforeUnload: false,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Dialog
      open
      onClose={blocker.reset}
      title={words.leaveTitle}
      text={words.leaveText}
      actions={
        <>
          <Button
            variant="quiet"
            className="sm:mr-auto"
            onClick={() => {
              onDiscard()
              blocker.proceed()
            }}
          >
            {words.leaveDiscarding}
          </Button>
          <Button onClick={blocker.reset}>{words.stay}</Button>
          <Button variant="primary" onClick={blocker.proceed}>
            {words.leaveKeeping}
          </Button>
        </>
      }
    />
  )
}
