import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** How the service of a database was started, for who stops it and starts it again. */
export interface ServiceRecord {
  pid: number
  /** The flags of `asyncv start`, by their long names. */
  flags: Readonly<Record<string, string>>
  cwd: string
  /** What starts it again by itself: `systemd`, `launchd`; or `watch`; null where nothing does. */
  keeper: Keeper | null
}

export const keepers = ['systemd', 'launchd', 'watch'] as const
export type Keeper = (typeof keepers)[number]

/** Flags of `asyncv start` that another start of the same service has to have. */
const kept = ['config', 'host', 'port', 'management-port', 'storage', 'log-level'] as const

export function keptFlags(flags: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(kept.flatMap((name) => (flags[name] === undefined ? [] : [[name, String(flags[name])]])))
}

export function asArguments(flags: Readonly<Record<string, string>>): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
}

/** Beside the database. What it says counts only while the process it names holds the lock of that. */
export function writeRecord(database: string, record: ServiceRecord): void {
  if (database === ':memory:') return
  const file = fileOf(database)
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Null where there is none, or none that can be read. */
export function readRecord(database: string): ServiceRecord | null {
  try {
    const { pid, flags, cwd, keeper } = JSON.parse(readFileSync(fileOf(database), 'utf8')) as ServiceRecord
    if (!Number.isSafeInteger(pid) || typeof cwd !== 'string' || typeof flags !== 'object') return null
    return { pid, flags: keptFlags(flags ?? {}), cwd, keeper: keepers.find((known) => known === keeper) ?? null }
  } catch {
    return null
  }
}

/** Only one's own: another may have begun meanwhile. */
export function removeRecord(database: string, pid: number): void {
  if (readRecord(database)?.pid === pid) rmSync(fileOf(database), { force: true })
}

function fileOf(database: string): string {
  return `${database}.service.json`
}
