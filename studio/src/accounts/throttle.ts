/**
 * How often somebody may try passwords. Three counts, all over the same while:
 *
 * - of a login, from browsers that nobody has signed in with as it before;
 * - of an address, from such browsers;
 * - of a login from one browser that somebody has signed in with (a signed cookie says so).
 *
 * So guessing is slow from wherever it comes, and who guesses at a login locks out no browser that is known for it (OWASP,
 * "Slow Down Online Guessing Attacks with Device Cookies"). A count is not a lock: old attempts leave it.
 *
 * Kept in memory. A restart forgives at most ten guesses at a login, and whoever guesses cannot bring one about; ten more are
 * nothing against twelve characters. Kept in the database, each guess of a stranger would be a write to the disk.
 */
import { Problem } from '../http/problem.ts'
import { networkOf } from './network.ts'

export interface Attempt {
  login: string
  /** Null where it cannot be known. */
  address: string | null
  /** The browser's, if it is known for this login. */
  device: string | null
}

export interface Throttle {
  /** Counts an attempt before it is looked at, so that many at once are no way around. Throws `rate_limited`. */
  begin(attempt: Attempt): void
  /** Takes it back: it was the right password. */
  succeed(attempt: Attempt): void
}

const windowMs = 15 * 60_000
const most = { login: 10, address: 30, device: 10 }
/** Names that are counted at once; the one that was not heard of for longest is forgotten. */
const mostNames = 10_000

export function createThrottle(now: () => number): Throttle {
  const attempts = new Map<string, number[]>()
  return { begin, succeed }

  function begin(attempt: Attempt): void {
    const counts = countsOf(attempt).map(({ name, limit }) => ({ name, limit, times: recent(name) }))
    const waits = counts.flatMap(({ limit, times }) => (times.length < limit ? [] : [times[0]! + windowMs - now()]))
    if (waits.length > 0) {
      const seconds = Math.max(1, Math.ceil(Math.max(...waits) / 1000))
      throw new Problem('rate_limited', 'There were too many wrong passwords.', {
        hint: `Try again in ${Math.ceil(seconds / 60)} min. From a browser that you have signed in with before, you can go on; an administrator can also make a new link for you.`,
        headers: { 'Retry-After': String(seconds) },
      })
    }
    for (const { name, times } of counts) remember(name, [...times, now()])
  }

  function succeed(attempt: Attempt): void {
    for (const { name } of countsOf(attempt)) remember(name, recent(name).slice(0, -1))
  }

  function recent(name: string): number[] {
    const at = now()
    // One that is still to come was counted before the clock was set back.
    return (attempts.get(name) ?? []).filter((time) => time > at - windowMs && time <= at)
  }

  function remember(name: string, times: number[]): void {
    attempts.delete(name)
    if (times.length > 0) attempts.set(name, times)
    const [oldest] = attempts.keys()
    if (attempts.size > mostNames && oldest !== undefined) attempts.delete(oldest)
  }
}

function countsOf({ login, address, device }: Attempt): { name: string; limit: number }[] {
  if (device !== null) return [{ name: `device ${device} ${login}`, limit: most.device }]
  const ofLogin = { name: `login ${login}`, limit: most.login }
  return address === null ? [ofLogin] : [ofLogin, { name: `address ${networkOf(address)}`, limit: most.address }]
}
