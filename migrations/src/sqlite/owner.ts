import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StorageError } from '../storage-error.ts'
import type { SqliteConnection } from './connection.ts'
import { openSqlite } from './open.ts'

/** Longer than it takes another process to look whether the lock is held. ms. */
const glanceMs = 50

export interface OwnerDetails {
  pid: number
  startedAt: number
  /** Where its API listens, once it does. */
  url?: string
  /** Where those who manage it are listened to, once they are. */
  management?: string
}

export interface Owner {
  /** Tells other processes where this one can be reached. */
  announce(details: Pick<OwnerDetails, 'url' | 'management'>): void
  release(): void
}

/**
 * Makes this process the only one that uses a database file. The lock is an exclusive SQLite transaction on
 * `<file>.owner`: the kernel drops it when the process dies, however it dies, so a stale one cannot be. Who holds it
 * stands in `<file>.owner.json`. Throws `storage_in_use`.
 */
export async function lockOwner(path: string, details: { pid: number } = process): Promise<Owner> {
  const file = realFile(path)
  // Who looks whether there is an owner holds the lock for a moment, too.
  const lock = (await tryLock(file)) ?? (await sleep(glanceMs).then(() => tryLock(file)))
  if (lock === null) throw inUse(file, readDetails(file))
  // What an owner that was killed has left names a process whose number may be a stranger's by now.
  rmSync(`${file}.owner.json`, { force: true })
  const owner: OwnerDetails = { pid: details.pid, startedAt: Date.now() }
  writeDetails(file, owner)
  return {
    announce(reachable) {
      writeDetails(file, { ...owner, ...reachable })
    },
    release() {
      rmSync(`${file}.owner.json`, { force: true })
      lock.exec('rollback')
      lock.close()
    },
  }
}

/** Who owns the database now; null when nobody does, whatever an old `.owner.json` says. */
export async function readOwner(path: string): Promise<OwnerDetails | null> {
  const file = realFile(path)
  // In the usual case nobody is there, and no lock has to be tried.
  if (readDetails(file) === null) return null
  // Read once more: a new owner has taken away what the one before had left.
  return (await isLocked(file)) ? readDetails(file) : null
}

/** Whether a process has the database, also one that has not said who it is, or whose `.owner.json` cannot be read. */
export async function isOwned(path: string): Promise<boolean> {
  return isLocked(realFile(path))
}

/** The file that the owner of a database holds open and locked. */
export function ownerLock(path: string): string {
  return `${realFile(path)}.owner`
}

/** Looks and leaves nothing behind: where no owner has ever been, there is no lock file. */
async function isLocked(file: string): Promise<boolean> {
  if (!existsSync(`${file}.owner`)) return false
  const lock = await tryLock(file)
  lock?.exec('rollback')
  lock?.close()
  return lock === null
}

/** One database has one owner, whatever links lead to it. */
function realFile(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // Not there yet; but its folder may be a link, too.
    return existsSync(dirname(path)) ? join(realpathSync(dirname(path)), basename(path)) : path
  }
}

async function tryLock(file: string): Promise<SqliteConnection | null> {
  let lock: SqliteConnection | undefined
  try {
    // No waiting: an owner keeps its lock for as long as it lives.
    lock = await openSqlite(`${file}.owner`, { busyTimeoutMs: 1 })
    // In a rollback-journal database an exclusive transaction keeps even readers out.
    lock.exec('pragma journal_mode = delete; begin exclusive')
    return lock
  } catch (error) {
    lock?.close()
    if (error instanceof StorageError && error.code === 'storage_locked') return null
    if (/SQLITE_BUSY|database is locked/.test(`${(error as { code?: string }).code} ${(error as Error).message}`))
      return null
    throw error
  }
}

function inUse(file: string, owner: OwnerDetails | null): StorageError {
  const who =
    owner === null ? 'another process' : `process ${owner.pid}${owner.url === undefined ? '' : ` (${owner.url})`}`
  return new StorageError(
    'storage_in_use',
    `The database ${file} is in use by ${who}.`,
    'One process owns a SQLite file: talk to that one, stop it, or give this one another file.',
  )
}

function readDetails(file: string): OwnerDetails | null {
  try {
    const details = JSON.parse(readFileSync(`${file}.owner.json`, 'utf8')) as OwnerDetails
    // Somebody may send it a signal, and 0 or less would be one to many processes.
    return Number.isSafeInteger(details.pid) && details.pid > 0 ? details : null
  } catch {
    return null // not there, or cut while it was written: the lock is what counts
  }
}

function writeDetails(file: string, details: OwnerDetails): void {
  const path = `${file}.owner.json`
  writeFileSync(`${path}.new`, JSON.stringify(details), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
