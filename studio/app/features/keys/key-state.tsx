import { Status } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'
import type { ApiKey } from './queries.ts'

export type KeyState = 'good' | 'expired' | 'revoked'

export function stateOf({ revokedAt, expiresAt }: ApiKey): KeyState {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= Date.now() ? 'expired' : 'good'
}

export function KeyStatus({ of }: { of: ApiKey }) {
  const { states } = useWords().keys
  const state = stateOf(of)
  return <Status kind={state === 'good' ? 'ok' : 'muted'}>{states[state]}</Status>
}
