import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StorageError } from '../storage-error.ts'
import type { SqliteConnection } from './connection.ts'
import { openSqlite } from './open.ts'

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
  const lock = await tryLock(file)
  if (lock === null) throw inUse(file, readDetails(file))
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
  const details = readDetails(file)
  if (details === null) return null
  const lock = await tryLock(file)
  if (lock === null) return details
  lock.exec('rollback')
  lock.close()
  return null
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
    'One runtime owns a SQLite file: talk to that one, stop it, or give this one another file.',
  )
}

function readDetails(file: string): OwnerDetails | null {
  try {
    return JSON.parse(readFileSync(`${file}.owner.json`, 'utf8')) as OwnerDetails
  } catch {
    return null // not there, or cut while it was written: the lock is what counts
  }
}

function writeDetails(file: string, details: OwnerDetails): void {
  const path = `${file}.owner.json`
  writeFileSync(`${path}.new`, JSON.stringify(details), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
