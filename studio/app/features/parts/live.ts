import type { Status as RuntimeStatus } from '../../api/runtime-parts.ts'
import type { StatusKind } from '../../ui/status.tsx'
import type { PartKind } from './part-types.ts'

/** What a part is doing in the runtime that is watched. */
export interface Live {
  /** `unknown` while nobody tells; `absent`: what is saved here is not published there. */
  state: 'connected' | 'failing' | 'away' | 'stopped' | 'ready' | 'absent' | 'unknown'
  account: string | null
  detail: string | null
}

export function liveOf(status: RuntimeStatus | undefined, kind: PartKind, name: string): Live {
  const nothing = { account: null, detail: null }
  if (status === undefined) return { state: 'unknown', ...nothing }
  if (kind === 'provider') {
    return { state: status.providers.some((one) => one.name === name) ? 'ready' : 'absent', ...nothing }
  }
  const found = status.connectors.find((one) => one.name === name)
  if (found === undefined) return { state: 'absent', ...nothing }
  const { state, ok, account, detail } = found
  return { state: state === 'connected' && !ok ? 'failing' : state, account, detail }
}

export const liveKinds: Record<Live['state'], StatusKind> = {
  connected: 'ok',
  failing: 'danger',
  away: 'danger',
  stopped: 'warn',
  ready: 'ok',
  absent: 'muted',
  unknown: 'muted',
}
