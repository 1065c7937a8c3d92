import { useBlocker } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useWords } from '../../words/words.tsx'

export interface LeaveGuardProps {
  isChanged: boolean
  onDiscard(): void
}

/** Asks who is about to leave what they typed. A reload needs no question: what is typed is kept. */
export function LeaveGuard({ isChanged, onDiscard }: LeaveGuardProps) {
  const words = useWords().items
  const blocker = useBlocker({
    // The views of the item itself are no way out.
    shouldBlockFn: ({ current, next }) => isChanged && next.pathname !== current.pathname,
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
