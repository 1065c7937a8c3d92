import { AsyncvError } from '../errors.ts'

export function commitFailed(cause: unknown): AsyncvError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new AsyncvError('storage_failed', `The database could not commit: ${message}.`, {
    hint: 'Nothing of this was kept. Check disk space and permissions, then try again.',
    retryable: true,
    cause,
  })
}

export function lockedByAnother(file: string, patienceMs: number): AsyncvError {
  return new AsyncvError('storage_locked', `Another program has held a lock on ${file} for ${patienceMs} ms.`, {
    hint: 'Close the program that writes to it. Nothing of this was kept; it can be tried again.',
    retryable: true,
  })
}

export function databaseClosed(): AsyncvError {
  return new AsyncvError('storage_failed', 'The database was closed.', { retryable: true })
}

/** Whether SQLite refused because another connection holds a lock. */
export function isBusy(error: unknown): boolean {
  // better-sqlite3 has the name of SQLite's code, node:sqlite only its text.
  const { code, message } = error as { code?: string; message?: string }
  return code?.startsWith('SQLITE_BUSY') === true || message === 'database is locked'
}
