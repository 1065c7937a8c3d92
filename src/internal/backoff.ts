/**
 * How long to wait before try `attempt + 1`, `attempt` counted from 1: half of a doubling wait is fixed and half is
 * drawn by lot, so that many who failed together do not come back together, and nobody comes back at once.
 */
export function backoff(attempt: number, baseMs: number, maxMs: number, random: () => number = Math.random): number {
  const wait = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30))
  return Math.round(wait / 2 + (random() * wait) / 2)
}
