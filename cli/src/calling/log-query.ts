import { CommandError } from '../failure.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** What `asyncv logs` asks for, as the service's route takes it. */
export function logQuery(flags: Flags, now = Date.now()): URLSearchParams {
  const { level, since, task, session, request, trace, connector, grep, limit } = flags
  const given = {
    level,
    since: since === undefined ? undefined : String(momentOf(String(since), now)),
    text: grep,
    task,
    session,
    request,
    trace,
    connector,
    limit: limit === undefined ? (flags['follow'] === true ? '20' : '200') : limitOf(limit),
  }
  const pairs = Object.entries(given).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return new URLSearchParams(pairs)
}

/** `10m`, `2h`, `1d`: so long ago; or a time as ISO 8601 writes it. */
function momentOf(text: string, now: number): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (count !== undefined) return now - Number(count) * (units[unit] ?? 0)
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(moment)) throw new CommandError(words.logs.since(JSON.stringify(text)), words.logs.sinceHint, 2)
  return moment
}

function limitOf(limit: string | boolean): string {
  if (/^[1-9]\d{0,3}$/.test(String(limit)) && Number(limit) <= 5_000) return String(limit)
  throw new CommandError(words.usage.notOneOf('--limit', String(limit)), words.logs.limit, 2)
}
