import { Ban, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { tell } from '../../../api/problem.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { toast } from '../../../ui/toast.ts'
import { useWords } from '../../../words/words.tsx'
import type { Task, Watched } from '../types.ts'
import { isOpen, useTaskAction } from './queries.ts'

export interface TaskActionsProps {
  runtime: Watched
  task: Task
  /** A retry in a conversation that went on is another task. */
  onRetried(task: Task): void
}

/** What an operator may do with a task, each after a question. */
export function TaskActions({ runtime, task, onRetried }: TaskActionsProps) {
  const words = useWords()
  const [asking, setAsking] = useState<'cancel' | 'retry' | null>(null)
  const cancel = useTaskAction(runtime.id, 'cancel')
  const retry = useTaskAction(runtime.id, 'retry')
  const close = (): void => {
    setAsking(null)
    cancel.reset()
    retry.reset()
  }
  return (
    <>
      {isOpen(task) && (
        <Button icon={<Ban className="size-4" aria-hidden />} onClick={() => setAsking('cancel')}>
          {words.tasks.cancel}
        </Button>
      )}
      {(task.state === 'failed' || task.state === 'cancelled') && (
        <Button
          variant="primary"
          icon={<RotateCcw className="size-4" aria-hidden />}
          onClick={() => setAsking('retry')}
        >
          {words.tasks.retry}
        </Button>
      )}
      <ConfirmDialog
        open={asking === 'cancel'}
        onClose={close}
        title={words.tasks.cancelTitle}
        text={words.tasks.cancelText}
        action={words.tasks.cancel}
        pending={cancel.isPending}
        error={cancel.error ? tell(cancel.error, words).title : undefined}
        onConfirm={() =>
          cancel.mutate(task.id, {
            onSuccess() {
              close()
              toast(words.tasks.cancelled)
            },
          })
        }
      />
      <ConfirmDialog
        open={asking === 'retry'}
        onClose={close}
        title={words.tasks.retryTitle}
        text={words.tasks.retryText}
        action={words.tasks.retry}
        danger={false}
        pending={retry.isPending}
        error={retry.error ? tell(retry.error, words).title : undefined}
        onConfirm={() =>
          retry.mutate(task.id, {
            onSuccess(answering) {
              close()
              toast(words.tasks.retried)
              onRetried(answering)
            },
          })
        }
      />
    </>
  )
}
