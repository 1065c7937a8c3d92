import { Status, type StatusKind } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'
import { type ShownState, shownState } from './latest.ts'
import type { ListedRelease } from './queries.ts'

const kinds: Record<ShownState, StatusKind> = {
  pending: 'info',
  applied: 'ok',
  refused: 'danger',
  drifted: 'warn',
  superseded: 'muted',
  replaced: 'muted',
}

export function TargetState({ state, count }: { state: ShownState; count?: number }) {
  const words = useWords().releases.states
  return (
    <Status kind={kinds[state]} live={state === 'pending'}>
      {words[state]}
      {count !== undefined && <span className="text-faint">{count}</span>}
    </Status>
  )
}

/** Where a release is, at a glance: each state once, with how many runtimes where there are several. */
export function TargetStates({ release, releases }: { release: ListedRelease; releases: readonly ListedRelease[] }) {
  const words = useWords().releases.states
  const states = release.targets.map((target) => shownState(release.n, target, releases))
  if (states.length === 0) return <Status kind="muted">{words.none}</Status>
  const kinds = [...new Set(states)]
  return (
    <span className="flex gap-x-3 max-sm:flex-col">
      {kinds.map((state) => {
        const count = states.filter((one) => one === state).length
        return <TargetState key={state} state={state} {...(states.length > 1 ? { count } : {})} />
      })}
    </span>
  )
}
