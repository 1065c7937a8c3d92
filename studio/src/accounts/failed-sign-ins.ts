/**
 * Wrong passwords that administrators should hear of. One is a slip; the fifth of a login, or from an address, within a while
 * is an entry of the audit log, and then there is none of the same login or address until the while is over. In all there are
 * at most twenty entries a while, of which ten are for accounts: whoever guesses from everywhere is seen, can neither fill the
 * log nor, with logins that nobody has, hide what is tried at one that somebody has.
 *
 * Only what accounts are called is written down, never what else was typed as a login: now and then that is a password.
 *
 * Kept in memory, as the counts of `throttle.ts` are, and for the same reasons.
 */
import { networkOf } from './network.ts'

export interface FailedSignIn {
  login: string
  /** The id of the account with this login; null where there is none. */
  account: string | null
  /** Null where it cannot be known. */
  address: string | null
}

export interface FailedSignIns {
  /** Counts one. What the log has to say of it: mostly nothing, null. */
  note(failed: FailedSignIn): { target: string; detail: Readonly<Record<string, unknown>> } | null
}

const windowMs = 15 * 60_000
const remarkableFrom = 5
const mostEntries = 20
/** As long as they are not of an account. */
const mostOthers = 10
/** So many failures of a name are counted, and not more. */
const mostFailures = 100
/** Names that are counted at once; the one that was not heard of for longest is forgotten. */
const mostNames = 10_000

export function createFailedSignIns(now: () => number): FailedSignIns {
  const failures = new Map<string, number[]>()
  const told = new Map<string, number>()
  /** When the entries of this while were made. */
  let entries: number[] = []
  return { note }

  function note({ login, account, address }: FailedSignIn): ReturnType<FailedSignIns['note']> {
    const names = [`login ${login}`, ...(address === null ? [] : [`address ${networkOf(address)}`])]
    const counts = new Map(names.map((name) => [name, count(name)]))
    const remarkable = names.filter((name) => counts.get(name)! >= remarkableFrom)
    if (!remarkable.some((name) => !isRecent(told.get(name)))) return null
    // A slip at an account, from where others were tried, is not of that account.
    const isOfAccount = account !== null && remarkable.includes(`login ${login}`)
    entries = entries.filter(isRecent)
    if (entries.length >= (isOfAccount ? mostEntries : mostOthers)) return null
    entries.push(now())
    for (const name of remarkable) remember(told, name, now())
    return {
      target: (isOfAccount ? account : address) ?? 'studio',
      detail: {
        ...(isOfAccount ? { login } : {}),
        ...(address === null ? {} : { address }),
        failures: Math.max(...remarkable.map((name) => counts.get(name)!)),
      },
    }
  }

  function count(name: string): number {
    const times = [...(failures.get(name) ?? []).filter(isRecent), now()]
    // More than matter are not kept.
    remember(failures, name, times.slice(-mostFailures))
    return times.length
  }

  /** One that is still to come was counted before the clock was set back. */
  function isRecent(at: number | undefined): boolean {
    return at !== undefined && at > now() - windowMs && at <= now()
  }
}

function remember<Value>(map: Map<string, Value>, name: string, value: Value): void {
  map.delete(name)
  map.set(name, value)
  const [oldest] = map.keys()
  if (map.size > mostNames && oldest !== undefined) map.delete(oldest)
}
