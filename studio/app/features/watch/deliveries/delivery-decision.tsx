import { tell } from '../../../api/problem.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { toast } from '../../../ui/toast.ts'
import { useWords } from '../../../words/words.tsx'
import type { Delivery, Watched } from '../types.ts'
import { useDeliveryAction } from './queries.ts'

export interface Decision {
  delivery: Delivery
  action: 'retry' | 'discard'
}

export interface DeliveryDecisionProps extends Decision {
  runtime: Watched
  onClose(): void
  onDone(): void
}

/** Asks before a delivery is sent again or given up. */
export function DeliveryDecision({ runtime, delivery, action, onClose, onDone }: DeliveryDecisionProps) {
  const words = useWords()
  const decide = useDeliveryAction(runtime.id, action)
  const isRetry = action === 'retry'
  const mayBeThere = delivery.state === 'held' || delivery.uncertainCount > 0
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={isRetry ? words.deliveries.retryTitle : words.deliveries.discardTitle}
      text={
        isRetry
          ? [words.deliveries.retryText, mayBeThere ? words.deliveries.retryHeld : ''].filter(Boolean).join(' ')
          : words.deliveries.discardText
      }
      action={isRetry ? words.deliveries.retry : words.deliveries.discard}
      danger={!isRetry}
      pending={decide.isPending}
      error={decide.error ? tell(decide.error, words).title : undefined}
      onConfirm={() =>
        decide.mutate(delivery.id, {
          onSuccess() {
            onDone()
            toast(isRetry ? words.deliveries.retried : words.deliveries.discarded)
          },
        })
      }
    />
  )
}
