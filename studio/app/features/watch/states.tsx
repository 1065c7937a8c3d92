import { Status, type StatusKind } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'
import type { DeliveryState, TaskState } from './types.ts'

const taskKinds: Record<TaskState, StatusKind> = {
  queued: 'muted',
  running: 'info',
  absorbed: 'muted',
  done: 'ok',
  failed: 'danger',
  cancelled: 'warn',
}

export function TaskStatus({ state }: { state: TaskState }) {
  return (
    <Status kind={taskKinds[state]} live={state === 'running'}>
      {useWords().watch.taskStates[state]}
    </Status>
  )
}

const deliveryKinds: Record<DeliveryState, StatusKind> = {
  pending: 'muted',
  sending: 'info',
  sent: 'ok',
  retrying: 'warn',
  uncertain: 'warn',
  held: 'warn',
  dead: 'danger',
  discarded: 'muted',
}

export function DeliveryStatus({ state }: { state: DeliveryState }) {
  return (
    <Status kind={deliveryKinds[state]} live={state === 'sending'}>
      {useWords().watch.deliveryStates[state]}
    </Status>
  )
}
