import { Status } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'
import type { WebhookDelivery } from './queries.ts'

const kinds = { pending: 'info', sent: 'ok', dead: 'danger' } as const

/** What failed and is tried again is pending too, but not calmly. */
export function DeliveryState({ state, failing }: { state: WebhookDelivery['state']; failing: boolean }) {
  const words = useWords().webhooks.states
  const isRetried = state === 'pending' && failing
  return (
    <Status kind={isRetried ? 'warn' : kinds[state]} live={state === 'pending'}>
      {isRetried ? words.retrying : words[state]}
    </Status>
  )
}
