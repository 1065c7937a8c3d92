import { isOwned, ownerLock, readOwner } from '@asyncv/migrations'
import { CommandError } from '../failure.ts'
import { findConfig, readConfig } from '../settings/read-config.ts'
import { findPlace } from '../calling/service.ts'
import { holds } from './open-files.ts'
import { readRecord, type ServiceRecord } from './service-record.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** The service that runs here, and is certain to be one. */
export interface RunningService {
  database: string
  pid: number
  record: ServiceRecord
  /** Where it listens; undefined while it starts. */
  url?: string
}

/** The database that a command with `--config` and `--storage` is about. */
export async function placeOf(flags: Flags): Promise<string> {
  const named = { ASYNCV_CONFIG: flags['config'], ASYNCV_STORAGE: flags['storage'] }
  const given = Object.entries(named).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  return (await findPlace({ ...process.env, ...Object.fromEntries(given) })).database
}

/** The service that commands with `--config` and `--storage` are about; null when there is none. */
export async function runningHere(flags: Flags): Promise<RunningService | null> {
  const service = await runningAt(await placeOf(flags))
  if (service !== null || flags['storage'] !== undefined) return service
  // A configuration that cannot be loaded may name another database, and "nothing runs" would be no more than a guess.
  const file = findConfig(flags['config'], process.env)
  if (file !== null) await readConfig(file)
  return null
}

/**
 * Null when nothing has the database. A signal to the wrong process does harm, and process numbers are given anew, so all has
 * to fit: somebody holds the lock of the database, says which process it is, that one has the lock file open where the
 * system tells, and it is `asyncv start` and no program that embeds asyncv. Throws otherwise.
 */
async function runningAt(database: string): Promise<RunningService | null> {
  if (database === ':memory:') return null
  const owner = await readOwner(database)
  if (owner === null) {
    if (await isOwned(database)) {
      throw new CommandError(words.process.nameless(database), words.process.namelessHint(ownerLock(database)), 1)
    }
    return null
  }
  const { pid, url } = owner
  if (holds(pid, ownerLock(database)) === false) {
    throw new CommandError(words.process.stranger(pid, database), words.process.strangerHint, 1)
  }
  const record = readRecord(database)
  if (record?.pid !== pid) {
    throw new CommandError(words.process.notStart(pid), words.process.notStartHint(pid), 1)
  }
  return { database, pid, record, ...(url === undefined ? {} : { url }) }
}
