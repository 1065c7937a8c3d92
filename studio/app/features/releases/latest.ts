import type { ListedRelease, Target } from './queries.ts'

/** For each runtime, the newest release that was for it and what became of it. `releases` are newest first. */
export function latestTargets(releases: readonly ListedRelease[]): Map<string, { n: number; target: Target }> {
  const latest = new Map<string, { n: number; target: Target }>()
  for (const { n, targets } of releases) {
    for (const target of targets) if (!latest.has(target.runtime)) latest.set(target.runtime, { n, target })
  }
  return latest
}

export type ShownState = Target['state'] | 'replaced'

/** As people see it: what was there and is followed by what was applied, is replaced. */
export function shownState(n: number, target: Target, releases: readonly ListedRelease[]): ShownState {
  const isReplaced =
    (target.state === 'applied' || target.state === 'drifted') &&
    releases.some(
      (one) => one.n > n && one.targets.some(({ runtime, state }) => runtime === target.runtime && state === 'applied'),
    )
  return isReplaced ? 'replaced' : target.state
}
